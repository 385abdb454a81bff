"""An offer comes back by one job at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from services.router.adapters.memory_attempts import MemoryAttempts
from services.router.domain.closing import Closing, Code
from services.router.domain.ending import End, How
from services.router.domain.health import PROBE_FOR, TRUSTED_UNTIL
from services.router.handlers.decide_again import decide_again
from services.router.handlers.end_attempts import end_attempts
from services.router.handlers.keep_book import load_book
from shared.contracts.job_events import AttemptFailed
from shared.contracts.market_events import OfferStandingChanged
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.contracts.records.standing import standing_of
from shared.market.standings import Health, Standing
from shared.providers.outcomes import Faulty, Pause, Refused
from tests.unit.services.router.market import job, offer
from tests.unit.services.router.probing import FULL, SlowProvider, backed_off
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)


class Quicker(MemoryAttempts):
    """Another router stores its intent first, and withdraws it."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)

    async def intend(self, attempt: AttemptRecord) -> AttemptRecord | None:
        other = replace(attempt, reservation_id="theirs")
        await super().intend(other)
        await self.close(other, Closing(AttemptState.WITHDRAWN, Code.ENDED, "over"))
        return await super().intend(attempt)


async def distrusted(world: World) -> None:
    """The same, after so many failures that being accepted proves nothing any more."""
    await world.open(offer("cheap", 6_000))
    world.standings.put(Standing("cheap", health=Health.PAUSED, reason="full", until=world.now, failures=TRUSTED_UNTIL))
    await load_book(routing=world.routing)


def failure_of(attempt: AttemptRecord, code: str = "provider_error") -> AttemptFailed:
    return AttemptFailed(
        job_id=attempt.job_id, kind="music", attempt=attempt.number, offer_id=attempt.offer_id, code=code, message="?"
    )


async def test_while_one_job_probes_the_others_go_elsewhere(world: World) -> None:
    await backed_off(world)
    slow = SlowProvider(world.provider)
    routing = replace(world.routing, providers={"venice": slow})
    probe = asyncio.create_task(world.route("probe", by=routing))
    await slow.asked_now.wait()
    for name in ("second", "third"):
        await world.route(name)
    slow.answer.set()
    await probe
    await world.route("after")
    assert world.asked()[2:] == ["dear", "dear", "cheap", "cheap"]


async def test_a_probe_that_is_refused_pauses_the_offer_for_longer(world: World) -> None:
    await backed_off(world)
    world.answers(FULL)
    await world.route()
    standing = await world.standing("cheap")
    assert (standing.failures, standing.until) == (2, world.now + 4 * SECOND)


async def test_a_probe_that_is_throttled_closes_the_offer_no_longer_than_its_provider_says(world: World) -> None:
    await backed_off(world)
    world.answers(Refused("not so fast", Pause.THROTTLED, 429, 2 * SECOND))
    await world.route()
    assert (await world.standing("cheap")).until == world.now + 2 * SECOND


async def test_two_jobs_after_one_throttle_neither_end_nor_shorten_the_pause_that_the_other_brings(
    world: World,
) -> None:
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.standings.put(Standing("cheap", health=Health.PAUSED, reason="not so fast", until=world.now))
    await load_book(routing=world.routing)
    slow = [SlowProvider(world.provider) for _ in range(2)]
    jobs = []
    for number, provider in enumerate(slow):
        routing = replace(world.routing, providers={"venice": provider})
        jobs.append(asyncio.create_task(world.route(f"job-{number}", by=routing)))
        await provider.asked_now.wait()
    world.answers(Refused("not so fast", Pause.THROTTLED, 429, 60 * SECOND))
    await world.route("throttled")
    world.answers(None, FULL)
    for job_routed, provider in zip(jobs, slow, strict=True):
        provider.answer.set()
        await job_routed
    standing = await world.standing("cheap")
    assert (standing.health, standing.until) == (Health.PAUSED, world.now + 60 * SECOND)


async def test_a_probe_at_fault_itself_leaves_the_turn_to_the_next_job(world: World) -> None:
    await backed_off(world)
    world.answers(Faulty("provider_rejected", "the prompt is empty"))
    await world.route("faulty")
    await world.route("next")
    assert world.asked()[2:] == ["cheap", "cheap"]


async def test_a_probe_that_was_held_back_here_leaves_the_turn_to_another_router(world: World) -> None:
    await backed_off(world)
    world.answers(Refused("its rate limit is used up", Pause.THROTTLED))
    await world.route("held back")
    another = world.another_process()
    await load_book(routing=another)
    await world.route("next", by=another)
    assert world.asked()[2:] == ["cheap", "dear", "cheap"]


async def test_a_probe_whose_job_was_canceled_meanwhile_leaves_the_turn_to_the_next_job(world: World) -> None:
    await backed_off(world)
    world.jobs.put(job("canceled", cancel_requested_at=world.now))
    await world.route("canceled")
    await world.route("next")
    assert world.asked()[2:] == ["cheap"]


async def test_a_probe_that_fails_after_it_was_accepted_pauses_an_offer_that_is_not_trusted(world: World) -> None:
    await distrusted(world)
    await world.route("probe")
    assert (await world.standing("cheap")).until == world.now + PROBE_FOR
    attempt = await world.last("probe")
    await decide_again(failure_of(attempt), routing=world.routing)
    standing = await world.standing("cheap")
    assert (standing.failures, standing.until) == (TRUSTED_UNTIL + 1, world.now + 16 * SECOND)


async def test_a_probe_whose_request_was_at_fault_after_all_leaves_the_turn_to_the_next_job(world: World) -> None:
    await distrusted(world)
    await world.route("probe")
    attempt = await world.last("probe")
    await decide_again(failure_of(attempt, code="content_policy"), routing=world.routing)
    standing = await world.standing("cheap")
    assert standing.failures == TRUSTED_UNTIL
    assert standing.open_at(world.now)


async def test_a_probe_whose_job_ends_while_it_is_sent_leaves_the_turn_to_the_next_job(world: World) -> None:
    await backed_off(world)
    slow = SlowProvider(world.provider)
    probe = asyncio.create_task(world.route("probe", by=replace(world.routing, providers={"venice": slow})))
    await slow.asked_now.wait()
    told = await end_attempts(End("probe", How.EXPIRED, "over"), routing=world.routing)
    assert [standing_of(each).open_at(world.now) for each in told if isinstance(each, OfferStandingChanged)] == [True]
    await world.route("next")
    assert world.asked()[2:] == ["cheap"]
    slow.answer.set()
    assert await probe == []


async def test_a_probe_whose_attempt_another_router_makes_leaves_the_turn_and_says_so(world: World) -> None:
    await backed_off(world)
    another = replace(world.routing, attempts=Quicker(world))
    told = [fact for fact in await world.route(by=another) if isinstance(fact, OfferStandingChanged)]
    assert standing_of(told[0]).open_at(world.now)
    assert (await world.standing("cheap")).open_at(world.now)


async def test_that_a_turn_is_free_again_is_told_to_the_other_routers(world: World) -> None:
    await backed_off(world)
    world.answers(Faulty("provider_rejected", "the prompt is empty"))
    told = [fact for fact in await world.route("faulty") if isinstance(fact, OfferStandingChanged)]
    assert standing_of(told[-1]).open_at(world.now)
