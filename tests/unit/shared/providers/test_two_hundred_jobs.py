"""Two hundred jobs on one key, at a provider as strict as Venice says it is: an hour in the blink of an eye.

Router, poller and artifacts know nothing of each other's requests, as three processes do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random

import pytest

from deploy.simulator.answers import Refusal
from deploy.simulator.limits import Limits, Policy
from shared.kernel.clock import from_unix
from shared.market.kinds import MUSIC
from shared.providers.budget import Budget, Go, Wait, hear, rest, send, settle, take
from shared.providers.rate_headers import read_allowance
from shared.providers.refusals import Prospect

JOBS = 200
KEY = "one-key"
BEGAN = 1_800_000_000.0
ANSWERED_AFTER = 0.2
RENDERED_AFTER = 30.0
PATIENCE = 8.0


@dataclass
class Provider:
    """The simulator's own limits, and what came of every call."""

    limits: Limits = field(default_factory=lambda: Limits(Policy(enabled=True)))
    admitted: int = 0
    refused_at: list[float] = field(default_factory=list)

    def answer(self, now: float) -> tuple[int, dict[str, str]]:
        """Status and headers of a call that is right in every other way."""
        try:
            headers = self.limits.admit(KEY, now)
        except Refusal as refusal:
            self.refused_at.append(now)
            self.limits.settle(KEY, 429, now)
            return 429, dict(refusal.answer.headers)
        self.admitted += 1
        return 200, headers

    def most_refused_within(self, seconds: float) -> int:
        """The worst that the provider saw in any stretch of so many seconds."""
        return max((sum(0 <= at - first < seconds for at in self.refused_at) for first in self.refused_at), default=0)


@dataclass
class Story:
    """Processes with a budget each, at one provider, and the jobs they carry."""

    provider: Provider = field(default_factory=Provider)
    budgets: dict[str, Budget] = field(default_factory=dict)
    done_at: list[float] = field(default_factory=list)
    _due: list[tuple[float, int, Iterator[float]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    now: float = BEGAN

    def run(self, until: float) -> None:
        """Let every job go its way until then."""
        while self._due and self._due[0][0] < until:
            self.now, _, steps = heappop(self._due)
            wait = next(steps, None)
            if wait is None:
                self.done_at.append(self.now)
            else:
                heappush(self._due, (self.now + wait, next(self._order), steps))

    def begin(self, number: int) -> None:
        """Have one more job, spread as jobs are."""
        heappush(self._due, (self.now + number * 0.01, next(self._order), self._job(Random(number))))

    def _job(self, chance: Random) -> Iterator[float]:
        """Seconds between one step and the next: submit, look until it is rendered, fetch, forget."""
        yield from self._until_answered("router", 0.0, Prospect.ORDERED)
        ready_at, look = self.now + RENDERED_AFTER, 0
        while self.now < ready_at or look == 0:
            look += 1
            yield MUSIC.looks.wait(look, chance.random).total_seconds()
            yield from self._until_answered("poller", 0.0, Prospect.SEEN if look > 1 else Prospect.UNSEEN)
        for _ in ("fetch", "forget"):
            yield from self._until_answered("artifacts", PATIENCE, Prospect.FINISHED)

    def _until_answered(self, process: str, patience: float, prospect: Prospect) -> Iterator[float]:
        """Try as the limiter lets one, and come back when it, or the provider, says so."""
        status = 0
        while status != 200:
            self.budgets[process], turn = take(self.budgets.get(process, Budget()), self.now, patience, prospect)
            if isinstance(turn, Wait):
                yield max(turn.seconds, 1.0)
                continue
            assert isinstance(turn, Go)
            if turn.after:
                yield turn.after
                if (resting := rest(self.budgets[process], self.now, prospect)) > 0:
                    yield resting
                    continue
            sent_at, self.budgets[process] = self.now, send(self.budgets[process])
            yield ANSWERED_AFTER
            status, headers = self.provider.answer(self.now)
            allowance = read_allowance(headers, from_unix(self.now))
            heard = hear(self.budgets[process], status, allowance, sent_at, self.now, prospect=prospect)
            self.budgets[process] = settle(heard)


@pytest.mark.parametrize("at_once", [True, False], ids=["all at once", "a second apart"])
def test_two_hundred_jobs_on_one_key_never_have_it_blocked_and_all_come_to_their_end(at_once: bool) -> None:
    story = Story()
    for number in range(JOBS):
        story.begin(number if at_once else number * 100)
    story.run(BEGAN + 3 * 3600)
    assert len(story.done_at) == JOBS
    assert story.provider.most_refused_within(Policy().window_seconds) <= Policy().failures
    # What the key may do at all is a call a second, and at least four in five of those are made.
    needed = story.provider.admitted / (Policy().requests_per_minute / 60)
    assert max(story.done_at) - BEGAN <= needed * 1.25
