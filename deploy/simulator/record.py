"""The record of calls: what was asked, what was answered, and how much of it got across."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from deploy.simulator.keys import KeyName, name_of

KEPT: Final = 200_000
"""Calls beyond this many push out the oldest."""


@dataclass(slots=True)
class Call:
    """One call.  Keys appear by their last characters only."""

    path: str
    at: float
    key: KeyName | None = None
    model: str | None = None
    queue_id: str | None = None
    behavior: str | None = None
    """What the simulator had been told to do to this call."""
    accepted: bool = False
    """A job was taken on, whatever the caller heard of it."""
    status: int | None = None
    """None when no answer was begun."""
    bytes_sent: int = 0
    whole: bool = False
    """The whole of an undistorted answer was written and the caller was still there."""
    audio: bool = False
    """The answer was the job's own audio."""
    milliseconds: int = 0

    def view(self) -> dict[str, object]:
        """The call as ``GET /control/calls`` shows it."""
        shown = asdict(self)
        del shown["key"]
        return shown | {"key_suffix": None if self.key is None else self.key.suffix}


class Record:
    """The latest calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def forget(self) -> None:
        self._calls.clear()

    def select(self, *, path: str | None = None, key: str | None = None, queue_id: str | None = None) -> Iterator[Call]:
        """Calls whose path ends in ``path``, made with the whole key ``key``, about ``queue_id``."""
        name = None if key is None else name_of(key)
        for call in self._calls:
            if path is not None and not call.path.endswith(path):
                continue
            if name is not None and call.key != name:
                continue
            if queue_id is not None and call.queue_id != queue_id:
                continue
            yield call
