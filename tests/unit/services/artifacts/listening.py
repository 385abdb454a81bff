"""Playing a whole file to its parser, in pieces."""

from datetime import timedelta

from services.artifacts.domain.audio.formats import OPENING, recognise
from services.artifacts.domain.audio.tape import Tape
from services.artifacts.domain.audio.unfit import Reason, Unfit

PIECE = 64 * 1024


def listen(data: bytes, piece: int = PIECE) -> timedelta | Unfit:
    """What becomes of a body."""
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
