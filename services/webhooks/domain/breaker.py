"""A breaker for one receiver: when most of what it was sent failed, it is left alone for a moment."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=5)
LEAST: Final = 10
"""Fewer outcomes than this prove nothing."""
FAILING_PERCENT: Final = 70
REST: Final = timedelta(seconds=30)


@dataclass(slots=True)
class Breaker:
    """What one receiver did lately.  While open nothing is sent; after ``REST`` one attempt is the probe."""

    outcomes: deque[tuple[datetime, bool]] = field(default_factory=deque)
    opened_at: datetime | None = None
    probing: bool = False

    def allows(self, at: datetime) -> bool:
        """Whether an attempt may be made now; an attempt that is made must be told by :meth:`sent`."""
        if self.opened_at is None:
            return True
        return not self.probing and at - self.opened_at >= REST

    def sent(self) -> None:
        """An attempt is on its way; on an open breaker it is the probe."""
        self.probing = self.opened_at is not None

    def note(self, succeeded: bool, at: datetime) -> None:
        """An attempt has ended."""
        self.outcomes.append((at, succeeded))
        while self.outcomes and at - self.outcomes[0][0] > WINDOW:
            self.outcomes.popleft()
        if self.opened_at is not None and self.probing:
            self._after_probe(succeeded, at)
        elif self.opened_at is None and self._failing():
            self.opened_at = at

    def _after_probe(self, succeeded: bool, at: datetime) -> None:
        self.probing = False
        self.opened_at = None if succeeded else at
        if succeeded:
            self.outcomes.clear()

    def _failing(self) -> bool:
        failed = sum(1 for _, succeeded in self.outcomes if not succeeded)
        return len(self.outcomes) >= LEAST and failed * 100 >= FAILING_PERCENT * len(self.outcomes)
