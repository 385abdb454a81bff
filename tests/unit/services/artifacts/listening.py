"""Playing a whole file to its parser, in pieces."""

from datetime import timedelta

from services.artifacts.domain.audio.formats import OPENING, recognise
from services.artifacts.domain.audio.tape import Heard, Tape
from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.intake import Intake
from services.artifacts.domain.output import Audio

PIECE = 64 * 1024


def listen(data: bytes, piece: int = PIECE) -> timedelta | Unfit:
    """How long a body sounds, or why it is none that we know."""
    heard = played(data, piece)
    return heard if isinstance(heard, Unfit) else heard.duration


def played(data: bytes, piece: int = PIECE) -> Heard | Unfit:
    """What its parser finds in a body."""
    found = recognise(data[:OPENING])
    if isinstance(found, Unfit):
        return found
    tape = Tape(found.parser())
    for start in range(0, len(data), piece):
        tape.feed(data[start : start + piece])
    return tape.end()


def reason(data: bytes, piece: int = PIECE) -> Reason | None:
    """Why a body is unfit, or None when it is not."""
    heard = listen(data, piece)
    return heard.reason if isinstance(heard, Unfit) else None


def verdict(data: bytes, asked: timedelta | None) -> Reason | None:
    """Why a body is not kept for a job that asked for so much, or None when it is."""
    found = recognise(data[:OPENING])
    if isinstance(found, Unfit):
        return found.reason
    intake = Intake(found, asked=asked)
    for start in range(0, len(data), PIECE):
        unfit = intake.take(data[start : start + PIECE])
        if unfit is not None:
            return unfit.reason
    audio = intake.end("key")
    return None if isinstance(audio, Audio) else audio.reason
