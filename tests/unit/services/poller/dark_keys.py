"""Watches of many jobs at one key whose limits are as strict as Venice's: minutes in the blink of an eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from services.poller.domain.sight import Sight, after_look, foreseen, proof_needed
from services.poller.domain.timetable import next_due, timetable
from services.poller.domain.watch import KeepWatching, Verdict, Watch, assess
from services.poller.handlers.slots import OF_ONE_KEY
from shared.market.kinds import MUSIC
from shared.providers.budget import Budget, Wait, hear, send, settle, take
from shared.providers.outcomes import Barred, LookAgain, LookOutcome, Missing, Ready, Working
from shared.providers.rate_headers import Allowance

BEGAN = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANSWERED_AFTER = 0.2
STATUS = {Missing: 404, Barred: 401}

Script = Callable[[float], LookOutcome]
"""What a look finds so many seconds after the job was handed over."""


def rendered_after(seconds: float) -> Script:
    """A job that goes well."""
    return lambda age: Ready("audio/mpeg") if age >= seconds else Working()


@dataclass
class DarkKey:
    """One poller, one key, and when each of its watches ended with what."""

    ended: dict[str, tuple[float, Verdict]] = field(default_factory=dict)
    refused_at: list[float] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    sight: Sight = field(default_factory=Sight)
    now: float = 0.0
    _due: list[tuple[float, int, Iterator[float]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def watch(self, name: str, script: Script, *, routed: float = 0.0) -> None:
        """Have a job handed over at that second."""
        heappush(self._due, (routed, next(self._order), self._lease(name, script, routed)))

    def run(self) -> None:
        """Until every watch has ended."""
        while self._due:
            self.now, _, steps = heappop(self._due)
            wait = next(steps, None)
            if wait is not None:
                heappush(self._due, (self.now + max(wait, 0.0), next(self._order), steps))

    def last(self, prefix: str) -> float:
        """When the last watch whose job is called so ended."""
        return max(at for name, (at, _) in self.ended.items() if name.startswith(prefix))

    def most_refused_within(self, seconds: float) -> int:
        """The worst that the provider saw in any stretch of so many seconds."""
        return max((sum(0 <= at - first < seconds for at in self.refused_at) for first in self.refused_at), default=0)

    def _lease(self, name: str, script: Script, routed: float) -> Iterator[float]:
        routed_at = _instant(routed)
        watch = Watch(routed_at, routed_at + MUSIC.expires_after)
        instants, after, now = timetable(MUSIC.looks, name, routed_at), None, routed_at
        while True:
            due = next_due(instants, at=now, after=after, expires_at=watch.expires_at)
            yield (due - _instant(self.now)).total_seconds()
            while self.budget.outstanding >= OF_ONE_KEY:
                yield ANSWERED_AFTER
            at = max(due, _instant(self.now))
            outcome = known = foreseen(self.sight, watch, at)
            if outcome is None:
                outcome = yield from self._asked(script, watch, routed)
            verdict = assess(watch, outcome, at, proof=proof_needed(self.sight, at))
            if known is None:
                self.sight = after_look(self.sight, watch, outcome, verdict, at)
            if not isinstance(verdict, KeepWatching):
                self.ended[name] = (self.now - routed, verdict)
                return
            watch, after, now = verdict.watch, verdict.after, _instant(self.now)

    def _asked(self, script: Script, watch: Watch, routed: float) -> Iterator[float]:
        self.budget, turn = take(self.budget, self.now, 0.0, watch.prospect)
        if isinstance(turn, Wait):
            return LookAgain("held back", timedelta(seconds=turn.seconds))
        sent_at, self.budget = self.now, send(self.budget)
        yield ANSWERED_AFTER
        outcome = script(self.now - routed)
        status = STATUS.get(type(outcome), 200)
        if status != 200:
            self.refused_at.append(self.now)
        heard = hear(self.budget, status, Allowance(), sent_at, self.now, prospect=watch.prospect)
        self.budget = settle(heard)
        return outcome


def _instant(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)
