"""Audio that is cut, slow, mislabelled, endless, or no audio at all."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import Iterator
from typing import ClassVar, Final, Literal

from pydantic import Field

from deploy.simulator.answers import Answer, AudioAnswer
from deploy.simulator.behaviors.behavior import After, Endpoint, Wire
from deploy.simulator.behaviors.garbling import HTML
from deploy.simulator.behaviors.refusing import FOREVER

_PIECE: Final = 64 * 2**10


class _Spoilt(After):
    usual: ClassVar[tuple[Endpoint, ...]] = ("retrieve",)
    audio_only: ClassVar[bool] = True

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        assert isinstance(answer, AudioAnswer)
        await self.spoil(answer, wire)

    async def spoil(self, audio: AudioAnswer, wire: Wire) -> None:
        raise NotImplementedError


class Cut(_Spoilt):
    """Send the first ``share`` of the audio, or its first ``bytes``, and stop.

    ``honest``: the Content-Length is that of the whole, and the connection closes early.  ``lying``: the
    Content-Length is that of the part, so nothing on the wire gives it away.  ``chunked``: no length, and the
    connection closes without the last chunk.  With ``stall`` it stays open and silent instead of closing.
    """

    do: Literal["cut"]
    share: float = Field(default=0.5, ge=0, lt=1)
    bytes: int | None = Field(default=None, ge=0)
    framing: Literal["honest", "lying", "chunked"] = "honest"
    stall: bool = False

    async def spoil(self, audio: AudioAnswer, wire: Wire) -> None:
        part = audio.body[: int(len(audio.body) * self.share) if self.bytes is None else self.bytes]
        headers = {"Content-Type": audio.content_type}
        if self.framing != "chunked":
            headers["Content-Length"] = str(len(part if self.framing == "lying" else audio.body))
        await wire.begin(headers)
        await wire.write(part)
        if self.stall:
            await asyncio.sleep(FOREVER)
        if self.framing != "lying":
            wire.hang_up()


class Trickle(_Spoilt):
    """Send the audio at so many bytes a second."""

    do: Literal["trickle"]
    bytes_per_second: int = Field(default=1, gt=0)

    async def spoil(self, audio: AudioAnswer, wire: Wire) -> None:
        headers = {"Content-Type": audio.content_type, "Content-Length": str(len(audio.body))}
        await wire.begin(headers)
        for start in range(0, len(audio.body), self.bytes_per_second):
            await wire.write(audio.body[start : start + self.bytes_per_second])
            await asyncio.sleep(1)


class Mislabel(_Spoilt):
    """Send the audio under another content type."""

    do: Literal["mislabel"]
    content_type: str = "application/octet-stream"

    async def spoil(self, audio: AudioAnswer, wire: Wire) -> None:
        await wire.send(AudioAnswer(audio.body, self.content_type))


class FakeAudio(_Spoilt):
    """Send something that calls itself audio: random bytes, a web page, nothing, a gzip bomb, an endless body.

    ``bytes`` says how many random bytes, or how many the bomb unfolds to; the bomb itself is a thousandth of that.
    """

    do: Literal["fake_audio"]
    form: Literal["random", "html", "empty", "gzip_bomb", "endless"]
    bytes: int = Field(default=2**20, gt=0)

    async def spoil(self, audio: AudioAnswer, wire: Wire) -> None:
        match self.form:
            case "random":
                body = random.Random(self.bytes).randbytes(self.bytes)  # noqa: S311
            case "html":
                body = HTML
            case "empty":
                body = b""
            case _:
                return await self._pour(audio, wire)
        await wire.begin({"Content-Type": audio.content_type, "Content-Length": str(len(body))})
        await wire.write(body)

    async def _pour(self, audio: AudioAnswer, wire: Wire) -> None:
        bomb = self.form == "gzip_bomb"
        encoding = {"Content-Encoding": "gzip"} if bomb else {}
        await wire.begin({"Content-Type": audio.content_type} | encoding)
        for piece in gzip_bomb(self.bytes) if bomb else _endless(audio.body):
            await wire.write(piece)
            await asyncio.sleep(0.001)


def gzip_bomb(size: int) -> Iterator[bytes]:
    """A gzip stream in pieces that unfolds to at least ``size`` zeros.

    A flushed deflate block can be repeated, so one mebibyte is compressed and the rest is a copy of it.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(2**20)
    yield packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(size // 2**20):
        yield again


def _endless(audio: bytes) -> Iterator[bytes]:
    while True:
        for start in range(0, len(audio), _PIECE):
            yield audio[start : start + _PIECE]
