"""A tape that is played once: parsers ask for the next bytes and are fed as they arrive."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias, TypeVar

from services.artifacts.domain.audio.unfit import CutShort, NotAudio, Reason, Unfit

MOST_BYTES: Final = 200 * 1024 * 1024
"""The longest tape that is played to its end."""
_BLOCK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Take:
    """The next ``count`` bytes; fewer only where the tape ends."""

    count: int


@dataclass(frozen=True, slots=True)
class Skip:
    """Pass ``count`` bytes, all of which must be there; answered with nothing."""

    count: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Pass everything to the end; answered with the last ``keep`` bytes of it."""

    keep: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a parser found."""

    duration: timedelta
    end_is_proven: bool = True
    """Whether the file itself says how much there should be.  Where nothing does, a file that was cut between
    two frames looks like a shorter one."""


Ask: TypeAlias = Take | Skip | Rest
R = TypeVar("R")
Parse: TypeAlias = Generator[Ask, bytes, R]
Parser: TypeAlias = Parse[Heard]
"""Reads one file and returns how long it sounds; raises :class:`NotAudio` or :class:`CutShort`.  Numbers so large
that no time can be made of them are an ``OverflowError``, and no audio either."""


def exactly(count: int) -> Parse[bytes]:
    """The next ``count`` bytes, or :class:`CutShort`."""
    taken = yield Take(count)
    if len(taken) < count:
        raise CutShort(f"the file ends {count - len(taken)} bytes too early")
    return taken


def counted() -> Parse[int]:
    """Pass everything to the end, and return how many bytes it was."""
    count, block = 0, bytes(_BLOCK)
    while len(block) == _BLOCK:
        block = yield Take(_BLOCK)
        count += len(block)
    return count


class Tape:
    """Feeds one parser.  Keeps no more than what the parser asked for at once."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._held = bytearray()
        self._at = 0
        self._skip = 0
        self._ask: Ask = Take(0)
        self._outcome: Heard | Unfit | None = None
        self._turn(None)

    @property
    def unfit(self) -> Unfit | None:
        """What is known to be wrong already."""
        return self._outcome if isinstance(self._outcome, Unfit) else None

    def feed(self, piece: bytes) -> None:
        """Let the parser see the next bytes."""
        if self._outcome is not None:
            return
        self._held += piece
        while self._outcome is None and self._answer():
            pass
        del self._held[: self._at]
        self._at = 0

    def end(self) -> Heard | Unfit:
        """Let the parser see that there is no more, and return what it found."""
        while self._outcome is None:
            if not self._answer():
                self._answer_at_the_end()
        return self._outcome

    def _answer(self) -> bool:
        """Answer the parser if enough has arrived."""
        left = len(self._held) - self._at
        match self._ask:
            case Take(count) if left >= count:
                self._give(count)
            case Skip():
                passed = min(left, self._skip)
                self._at += passed
                self._skip -= passed
                if self._skip:
                    return False
                self._turn(b"")
            case Rest(keep):
                self._at += max(0, left - keep)
                return False
            case _:
                return False
        return True

    def _answer_at_the_end(self) -> None:
        if self._skip:
            self._fail(Reason.TRUNCATED, f"the file ends {self._skip} bytes too early")
        else:
            self._give(len(self._held) - self._at)

    def _give(self, count: int) -> None:
        start, self._at = self._at, self._at + count
        self._turn(bytes(self._held[start : self._at]))

    def _turn(self, answer: bytes | None) -> None:
        try:
            self._ask = next(self._parser) if answer is None else self._parser.send(answer)
            self._skip = self._ask.count if isinstance(self._ask, Skip) else 0
        except StopIteration as stop:
            self._outcome = stop.value
        except NotAudio as error:
            self._fail(Reason.NOT_AUDIO, str(error))
        except OverflowError:
            self._fail(Reason.NOT_AUDIO, "the file claims to sound longer than time can tell")
        except CutShort as error:
            self._fail(Reason.TRUNCATED, str(error))

    def _fail(self, reason: Reason, message: str) -> None:
        self._outcome = Unfit(reason, message)
