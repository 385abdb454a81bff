"""Time that passes only when told, or when somebody sleeps."""

from datetime import datetime, timedelta

from shared.kernel.clock import from_unix


class StoppedClock:
    """A :class:`~shared.kernel.clock.Clock`; sleeping takes no time and moves it on."""

    def __init__(self, at: float = 1_800_000_000.0) -> None:
        self._start = at
        self._passed = 0.0

    def now(self) -> datetime:
        return from_unix(self._start) + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        self.pass_by(max(seconds, 0.0))

    def pass_by(self, seconds: float) -> None:
        self._passed += seconds
