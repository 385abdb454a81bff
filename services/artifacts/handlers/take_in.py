"""Take one body in: recognise it, hash it and listen to it while it goes into the object store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from services.artifacts.domain.audio.formats import OPENING, recognise
from services.artifacts.domain.audio.tape import MOST_BYTES
from services.artifacts.domain.audio.unfit import Unfit
from services.artifacts.domain.copies import Copy
from services.artifacts.domain.intake import TOO_LARGE, Intake
from services.artifacts.domain.output import Audio, object_key
from services.artifacts.handlers.hold_claim import HeldClaim
from services.artifacts.ports import Objects
from shared.providers.provider import Body


async def take_in(
    body: Body, *, copy: Copy, asked: timedelta | None, objects: Objects, claim: HeldClaim
) -> Audio | Unfit:
    """Return what is stored now; nothing is when it is not the audio that was asked for.

    Raises what the body raises, ``Transient`` for the object store, and ``ClaimLost``.
    """
    if body.length is not None and body.length > MOST_BYTES:
        return TOO_LARGE
    opening = await _opening(body.chunks)
    found = recognise(opening)
    if isinstance(found, Unfit):
        return found
    key = object_key(copy.job_id, copy.index, found.extension)
    intake = Intake(found, asked=asked)
    async with objects.writing(key, found.content_type) as upload:
        async for piece in _whole(opening, body.chunks):
            unfit = intake.take(piece)
            if unfit is not None:
                return unfit
            await upload.write(piece)
            await claim.keep()
        audio = intake.end(key)
        if isinstance(audio, Audio):
            await claim.about_to_complete(audio)
            await upload.complete()
        return audio


async def _opening(chunks: AsyncIterator[bytes]) -> bytes:
    opening = bytearray()
    async for piece in chunks:
        opening += piece
        if len(opening) >= OPENING:
            break
    return bytes(opening)


async def _whole(opening: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield opening
    async for piece in rest:
        yield piece
