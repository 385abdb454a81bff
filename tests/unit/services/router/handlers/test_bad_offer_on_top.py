"""One bad offer at the top of the book costs a job at most one attempt, and soon none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.router.handlers.decide_again import decide_again
from shared.contracts.job_events import AttemptFailed
from shared.contracts.records.attempt import AttemptState
from shared.market.models import Model
from shared.market.parameters import Parameters
from shared.providers.memory import MemoryProvider, Script
from shared.providers.outcomes import Pause, Refused, SubmitOutcome, Unknown
from shared.providers.provider import Access
from tests.unit.services.router.market import job, offer
from tests.unit.services.router.world import World

JOBS = 50
EVERY = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class TwoFaced(MemoryProvider):
    """Answers every submit at the bad offer's address in one way, and takes those at any other."""

    def __init__(self, answer: SubmitOutcome | None) -> None:
        super().__init__()
        self._answer = answer

    async def submit(self, access: Access, model: Model, parameters: Parameters) -> SubmitOutcome:
        self.expect(Script(submit=self._answer if "//bad." in access.base_url else None))
        return await super().submit(access, model, parameters)


@pytest.mark.parametrize(
    ("answer", "most"),
    [
        (Refused("revoked", Pause.KEY, 401), 1),
        (Refused("poor", Pause.KEY, 402), 1),
        (Refused("not so fast", Pause.THROTTLED, 429, timedelta(seconds=20)), 3),
        (Refused("broken", Pause.BACKOFF, 503), 6),
        (Unknown("reset"), 6),
        (None, 6),
    ],
    ids=["401", "402", "429", "503", "unknown", "fails after accepting"],
)
async def test_of_fifty_jobs_a_second_apart_only_a_few_meet_it_and_each_but_once(
    world: World, answer: SubmitOutcome | None, most: int
) -> None:
    world.provider = TwoFaced(answer)
    world.routing = world.another_process()
    await world.open(offer("bad", 5_000), offer("good", 9_000))
    for number in range(JOBS):
        name = f"job-{number}"
        await _route(world, name)
        history = await world.history(name)
        assert [offer_id for _, offer_id, _ in history].count("bad") <= 1
        assert history[-1][1:] == ("good", "submitted")
        world.pass_by(EVERY)
    met = world.asked().count("bad")
    assert 1 <= met <= most


async def _route(world: World, name: str) -> None:
    """Route one job; the bad offer fails whatever it accepts."""
    world.jobs.put(job(name, created_at=world.now, expires_at=world.now + HOUR))
    await world.route(name, created=world.now, expires_at=world.now + HOUR)
    last = await world.last(name)
    if last.offer_id == "bad" and last.state is AttemptState.SUBMITTED:
        broke = {"offer_id": "bad", "code": "provider_error", "message": "it broke"}
        failure = AttemptFailed(job_id=name, kind="music", attempt=last.number, **broke)
        await decide_again(failure, routing=world.routing)
