"""A stranger's answer, which can only be read up to a limit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import ClientResponse
from multidict import CIMultiDictProxy

from shared.egress.failures import FAILURES, EgressFailed, Reason, reason_of

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of a body; ``whole`` tells whether that was all of it."""

    data: bytes
    whole: bool


class Answer:
    """Status and headers that have arrived, and a body that has not been read yet.

    The body is what was on the wire: nothing is decompressed, so a limit on bytes is a
    limit on memory.  Usable only within the ``async with`` that gave it.
    """

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    @property
    def status(self) -> int:
        """The HTTP status, 3xx included: redirects are not followed."""
        return self._response.status

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The answer's headers, bounded in number and size."""
        return self._response.headers

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters; ``application/octet-stream`` where none was sent."""
        return self._response.content_type

    async def chunks(self, limit: int) -> AsyncIterator[bytes]:
        """Yield the body as it arrives, at most ``CHUNK_BYTES`` at a time and ``limit`` bytes in all.

        Raises ``EgressFailed``: ``TOO_LARGE`` in place of the byte after ``limit``, and
        its reason when the body is shorter than its Content-Length or lacks its last
        chunk.  A body that only ends with the connection cannot be told from a cut one.
        """
        left = limit
        while piece := await self._piece():
            left -= len(piece)
            if left < 0:
                raise EgressFailed(Reason.TOO_LARGE)
            yield piece

    async def read_capped(self, limit: int) -> Body:
        """Return the first ``limit`` bytes, or all when there are fewer, and stop there.

        Raises ``EgressFailed`` when the body broke off before.
        """
        data = bytearray()
        while piece := await self._piece():
            data += piece
            if len(data) > limit:
                return Body(bytes(data[:limit]), whole=False)
        return Body(bytes(data), whole=True)

    async def _piece(self) -> bytes:
        try:
            return await self._response.content.read(CHUNK_BYTES)
        except FAILURES as failure:
            raise EgressFailed(reason_of(failure)) from None
