"""The script: the misbehaviors in force, in the order they are tried, and how often each has struck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Annotated

from pydantic import Field

from deploy.simulator.answers import Answer
from deploy.simulator.behaviors.behavior import After, Before, Occasion
from deploy.simulator.behaviors.garbling import Garbage, MissingQueueId, SameQueueId
from deploy.simulator.behaviors.losing import AcceptThenDrop, AcceptThenRefuse, NeverReady
from deploy.simulator.behaviors.refusing import Drop, Hang, KeepMedia, Refuse, Slow
from deploy.simulator.behaviors.spoiling import Cut, FakeAudio, Mislabel, Trickle

AnyBehavior = Annotated[
    Slow
    | Hang
    | Drop
    | Refuse
    | KeepMedia
    | AcceptThenDrop
    | AcceptThenRefuse
    | NeverReady
    | Garbage
    | MissingQueueId
    | SameQueueId
    | Cut
    | Trickle
    | Mislabel
    | FakeAudio,
    Field(discriminator="do"),
]


@dataclass(slots=True)
class _Line:
    id: int
    behavior: AnyBehavior
    seen: int = 0
    struck: int = 0

    def strikes(self) -> bool:
        """Count a matching call and tell whether it is one of those to spoil."""
        self.seen += 1
        turn = self.seen - self.behavior.skip
        if turn < 1 or (turn - 1) % self.behavior.every:
            return False
        if self.behavior.times is not None and self.struck >= self.behavior.times:
            return False
        self.struck += 1
        return True


class Script:
    """At most one misbehavior before a call's work, and one after it: the first in the list that strikes."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._ids = count(1)

    def replace(self, behaviors: Sequence[AnyBehavior]) -> None:
        """Put these in force, and nothing else."""
        self._lines.clear()
        self.extend(behaviors)

    def extend(self, behaviors: Sequence[AnyBehavior]) -> None:
        """Put these in force after the ones there are."""
        self._lines.extend(_Line(next(self._ids), behavior) for behavior in behaviors)

    def remove(self, line_id: int) -> bool:
        """Take one away; False when there is none of that number."""
        before = len(self._lines)
        self._lines = [line for line in self._lines if line.id != line_id]
        return len(self._lines) < before

    def before(self, occasion: Occasion) -> Before | None:
        """What is to happen to this call in place of its work."""
        for line in self._matching(occasion):
            if isinstance(line.behavior, Before) and line.strikes():
                return line.behavior
        return None

    def after(self, occasion: Occasion, answer: Answer) -> After | None:
        """What is to happen to this answer."""
        for line in self._matching(occasion):
            if isinstance(line.behavior, After) and line.behavior.spoils(answer) and line.strikes():
                return line.behavior
        return None

    def listing(self) -> list[dict[str, object]]:
        """The script with how often each line was seen and struck; keys by their last characters."""
        return [_shown(line) for line in self._lines]

    def _matching(self, occasion: Occasion) -> Iterator[_Line]:
        return (line for line in self._lines if line.behavior.matches(occasion))


def _shown(line: _Line) -> dict[str, object]:
    behavior = line.behavior.model_dump(exclude_defaults=True) | {"do": line.behavior.do}
    if line.behavior.key is not None:
        behavior["key"] = f"…{line.behavior.key[-4:]}"
    return {"id": line.id, "seen": line.seen, "struck": line.struck, "behavior": behavior}
