"""Finished media, streamed as it arrives and never taken for whole when it is not."""

from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from shared.egress.answer import Answer
from shared.egress.failures import EgressFailed, Reason
from shared.kernel.clock import Clock
from shared.kernel.secret import Secret
from shared.providers.provider import Body, Fault, FetchFailed, Gone, NotReady
from shared.providers.rate_headers import wait_told
from shared.providers.request_fault import RequestFault
from shared.providers.venice.complaints import read_complaint
from shared.providers.venice.endpoints import Endpoints
from shared.providers.venice.replies import Held, Lost, NeverSent, Unsendable
from shared.providers.venice.statuses import FAULTS, words_for
from shared.providers.venice.verdicts import BAD_KEY, HELD_BACK, working
from shared.providers.venice.wire import Opened, Unanswered

SLOWEST_BYTES_A_SECOND: Final = 8 * 1024
"""Media that arrives more slowly than this, on average after ``SLOW_START``, is given up."""
LARGEST_MEDIA: Final = 1024**3
"""Bytes; who keeps the media may well stop sooner."""
SLOW_START: Final = timedelta(seconds=30)


async def open_media(reply: Opened | Unanswered, endpoints: Endpoints, api_key: Secret, clock: Clock) -> Body:
    """The media in an answer to retrieve.  Raises :class:`NotReady`, :class:`Gone` or :class:`FetchFailed`."""
    match reply:
        case Opened():
            if reply.answer.status == HTTPStatus.OK and endpoints.are_media(reply.answer.content_type):
                return _body(reply, clock)
            raise await _no_media(reply, api_key)
        case NeverSent(reason) | Lost(reason):
            raise FetchFailed(reason, retryable=True)
        case Held(after):
            raise FetchFailed(HELD_BACK, retryable=True, after=after)
        case Unsendable():
            raise FetchFailed(BAD_KEY, retryable=False)


async def _no_media(opened: Opened, api_key: Secret) -> NotReady | Gone | FetchFailed:
    data = await opened.data()
    status = opened.answer.status
    if status == HTTPStatus.OK:
        if working(data):
            return NotReady("the provider is still rendering")
        return FetchFailed("the provider's answer is neither media nor news of it", retryable=True)
    complaint = read_complaint(data, api_key)
    message = complaint.message or words_for(status)
    if status == HTTPStatus.NOT_FOUND:
        return Gone(message)
    if status in FAULTS:
        code = "content_policy" if complaint.names_content_policy else FAULTS[status]
        return RequestFault(code, message, complaint.suggestion)
    return FetchFailed(message, retryable=True, after=wait_told(opened.allowance, status))


def _body(opened: Opened, clock: Clock) -> Body:
    answer = opened.answer
    if not opened.plain:
        raise FetchFailed(
            "the media comes compressed, which was not asked for", retryable=False, fault=Fault.COMPRESSED
        )
    length = _length(answer)
    if length is None and "chunked" not in answer.headers.get("Transfer-Encoding", "").lower():
        # Such a body ends with its connection, and a cut one looks just the same.
        raise FetchFailed("the provider does not say where the media ends", retryable=False, fault=Fault.ENDLESS)
    return Body(answer.content_type, length, _whole(answer, length, clock))


def _length(answer: Answer) -> int | None:
    text = answer.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() else None


async def _whole(answer: Answer, length: int | None, clock: Clock) -> AsyncIterator[bytes]:
    """The body's pieces, as many bytes as were announced; only time spent waiting for them counts as slowness."""
    received = 0
    waited = 0.0
    pieces = answer.chunks(LARGEST_MEDIA)
    while True:
        asked_at = clock.monotonic()
        try:
            piece = await anext(pieces, None)
        except EgressFailed as failed:
            raise _broken_off(failed.reason) from None
        if piece is None:
            break
        waited += clock.monotonic() - asked_at
        received += len(piece)
        if waited > SLOW_START.total_seconds() and received < waited * SLOWEST_BYTES_A_SECOND:
            raise FetchFailed("the media arrives too slowly", retryable=True, fault=Fault.TOO_SLOW)
        yield piece
    if length is not None and received != length:
        raise FetchFailed(
            f"{received} bytes of media came where {length} were announced", retryable=True, fault=Fault.BROKEN_OFF
        )


def _broken_off(reason: Reason) -> FetchFailed:
    if reason is Reason.TOO_LARGE:
        return FetchFailed(f"the media is larger than {LARGEST_MEDIA} bytes", retryable=False, fault=Fault.TOO_LARGE)
    fault = Fault.TOO_SLOW if reason is Reason.TIMEOUT else Fault.BROKEN_OFF
    return FetchFailed(f"the media broke off: {reason.value.replace('_', ' ')}", retryable=True, fault=fault)
