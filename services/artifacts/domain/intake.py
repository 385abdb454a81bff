"""A body on its way in: counted, hashed and listened to, piece by piece."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.formats import Format
from services.artifacts.domain.audio.tape import MOST_BYTES, Tape
from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.duration import misfit
from services.artifacts.domain.output import Audio

TOO_LARGE: Final = Unfit(Reason.TOO_LARGE, f"the audio is larger than {MOST_BYTES // 1024 // 1024} MiB")


class Intake:
    """Everything that is known of one body so far.  Keeps none of it."""

    def __init__(self, format: Format, *, asked: timedelta | None) -> None:
        self._format = format
        self._asked = asked
        self._tape = Tape(format.parser())
        self._hash = hashlib.sha256()
        self._bytes = 0

    def take(self, piece: bytes) -> Unfit | None:
        """Count the next bytes in; says what is wrong as soon as that is certain."""
        self._bytes += len(piece)
        if self._bytes > MOST_BYTES:
            return TOO_LARGE
        self._hash.update(piece)
        self._tape.feed(piece)
        return self._tape.unfit

    def end(self, key: str) -> Audio | Unfit:
        """What came, now that all of it has; ``key`` is where it is kept."""
        heard = self._tape.end()
        if isinstance(heard, Unfit):
            return heard
        wrong = misfit(heard, self._asked, bytes=self._bytes)
        return wrong or Audio(key, self._format.content_type, self._bytes, self._hash.hexdigest(), heard.duration)
