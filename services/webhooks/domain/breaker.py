"""A breaker for one host: when most of what it was sent failed, it is left alone for a moment."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

WINDOW_SECONDS: Final = 300.0
LEAST: Final = 10
"""Fewer outcomes than this prove nothing."""
LATEST: Final = 200
"""Older outcomes than these are forgotten, even within the window."""
FAILING_PERCENT: Final = 70
REST_SECONDS: Final = 30.0
"""Longer than an attempt can take, so that what began before the rest is over before the probe."""


@dataclass(slots=True)
class Breaker:
    """What one host did lately.  While open nothing is sent to it; after a rest one attempt is the probe.

    Times are seconds on the process's stopwatch.
    """

    outcomes: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=LATEST))
    opened_at: float | None = None
    probing: bool = False

    def admits(self, at: float) -> bool:
        """Whether an attempt may begin now; one that does is told to :meth:`began`."""
        return self.opened_at is None or (not self.probing and at - self.opened_at >= REST_SECONDS)

    def began(self) -> None:
        """An attempt is on its way; on an open breaker it is the probe."""
        self.probing = self.opened_at is not None

    def note(self, at: float, *, well: bool) -> None:
        """An attempt has ended."""
        self.outcomes.append((at, well))
        while at - self.outcomes[0][0] > WINDOW_SECONDS:
            self.outcomes.popleft()
        if self.probing:
            self._after_probe(at, well=well)
        elif self.opened_at is None and self._failing():
            self.opened_at = at

    def learnt_nothing(self) -> None:
        """An attempt has ended without telling anything: if it was the probe, the next is."""
        self.probing = False

    def idle_since(self) -> float:
        """When an attempt last ended; 0 when none has."""
        return self.outcomes[-1][0] if self.outcomes else 0.0

    def _after_probe(self, at: float, *, well: bool) -> None:
        self.probing = False
        self.opened_at = None if well else at
        if well:
            self.outcomes.clear()

    def _failing(self) -> bool:
        failed = sum(1 for _, well in self.outcomes if not well)
        return len(self.outcomes) >= LEAST and failed * 100 >= FAILING_PERCENT * len(self.outcomes)
