"""Watching one job from hand-over to its end."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import islice, pairwise

import pytest

from services.poller.adapters.process_watches import ProcessWatches
from services.poller.domain.sight import BARRED_FOR
from services.poller.domain.timetable import timetable
from services.poller.handlers.drop_ended import drop_ended
from services.poller.handlers.drop_watch import drop_watch
from services.poller.handlers.slots import OF_ONE_KEY
from services.poller.handlers.watch_job import RENEW_AFTER, RENEW_IN_DOUBT_AFTER
from shared.contracts.addressed import Addressed
from shared.contracts.job_events import AttemptFailed, JobGenerated, JobRunning
from shared.contracts.records.job import JobStatus
from shared.kernel.secret import Secret
from shared.market.kinds import KINDS
from shared.providers.outcomes import Barred, Broken, Failed, LookAgain, Missing
from shared.providers.refusals import Prospect
from tests.kit.waiting import happens
from tests.unit.services.poller.world import ENDED, JOB, ROUTED, WORKING, World


async def test_audio_is_told_with_everything_needed_to_fetch_it() -> None:
    world = World(WORKING, WORKING)
    assert await world.watch() == [JobGenerated(**dict(JOB), content_type="audio/mpeg")]
    assert len(world.provider.asked("look")) == 3


async def test_the_first_look_comes_two_seconds_after_hand_over() -> None:
    world = World()
    await world.watch()
    assert world.watches.waits == [2.0]


async def test_the_key_is_the_one_that_the_attempt_froze() -> None:
    world = World()
    await world.watch()
    assert world.provider.asked("look")[0].access.api_key == Secret("key of offer")


async def test_running_is_said_once_with_what_the_provider_expects() -> None:
    world = World(WORKING, WORKING, WORKING)
    await world.watch()
    assert world.broker.said == [
        JobRunning(
            job_id="job",
            kind="music",
            attempt=2,
            started_at=ROUTED + timedelta(seconds=1),
            expected_seconds=20.0,
        )
    ]


async def test_a_broker_that_is_away_does_not_stop_the_watch() -> None:
    world = World(WORKING)
    world.broker.is_there = False
    assert [type(fact) for fact in await world.watch()] == [JobGenerated]


async def test_a_job_that_the_provider_gives_up_fails_the_attempt() -> None:
    world = World(Failed("content_policy", "not that", "try this"))
    assert await world.watch() == [
        AttemptFailed(
            job_id="job",
            kind="music",
            attempt=2,
            offer_id="offer",
            code="content_policy",
            message="not that",
            suggestion="try this",
        )
    ]


async def test_one_error_on_the_way_does_not_fail_the_attempt() -> None:
    world = World(Broken("hiccup"), WORKING)
    assert [type(fact) for fact in await world.watch()] == [JobGenerated]


async def test_an_ended_job_is_watched_no_more() -> None:
    world = World(then=WORKING)
    world.watches.dropped_at = ROUTED + timedelta(seconds=6)
    assert await world.watch() == []
    assert len(world.provider.asked("look")) == 2


async def test_a_lease_is_renewed_after_two_minutes_with_a_sign_of_life() -> None:
    world = World(then=WORKING)
    running, lease = await world.watch()
    assert running == world.broker.said[0]
    assert lease == Addressed(JOB, "poller")
    assert world.at - ROUTED <= RENEW_AFTER


async def test_a_lease_on_a_job_that_says_nothing_of_itself_is_renewed_with_a_sign_of_life_too() -> None:
    world = World(then=LookAgain("busy"))
    running, lease = await world.watch()
    assert isinstance(running, JobRunning)
    assert running.started_at == ROUTED
    assert lease == Addressed(JOB, "poller")


async def test_a_lease_in_doubt_is_kept_longer_so_that_what_was_counted_is_not_lost() -> None:
    world = World(WORKING, Missing(), then=LookAgain("silent"))
    assert [type(said) for said in await world.watch()] == [JobRunning, Addressed]
    assert RENEW_AFTER < world.at - ROUTED <= RENEW_IN_DOUBT_AFTER


async def test_the_provider_is_told_what_to_expect_of_a_look() -> None:
    world = World(WORKING, Missing(), WORKING)
    await world.watch()
    prospects = [call.prospect for call in world.provider.asked("look")]
    assert prospects == [Prospect.UNSEEN, Prospect.SEEN, Prospect.DOUBTFUL, Prospect.SEEN]


async def test_a_renewed_watch_keeps_its_place() -> None:
    world = World(then=WORKING)
    await world.watch()
    await world.watch()
    due = islice(timetable(KINDS["music"].looks, JOB.job_id, ROUTED), len(world.provider.looked_at))
    assert [at.timestamp() for at in world.provider.looked_at] == pytest.approx(
        [at.timestamp() for at in due], abs=0.001
    )
    assert len(world.provider.looked_at) > 20


async def test_the_last_look_is_at_the_deadline() -> None:
    world = World(then=WORKING)
    world.pass_by(JOB.expires_at - ROUTED - timedelta(seconds=1))
    (ending,) = await world.watch()
    assert isinstance(ending, AttemptFailed)
    assert ending.code == "expired"
    assert world.at == JOB.expires_at
    assert len(world.provider.asked("look")) == 1


async def test_a_lease_that_comes_after_the_deadline_gets_one_look() -> None:
    world = World()
    world.pass_by(JOB.expires_at - ROUTED + timedelta(seconds=5))
    assert [type(fact) for fact in await world.watch()] == [JobGenerated]


async def test_an_ending_wakes_the_watch_of_its_job_and_no_other() -> None:
    watches = ProcessWatches()
    with watches.watching("job") as mine, watches.watching("other") as other:
        await drop_watch(ENDED, watches=watches)
        assert await mine.wait(60)
        assert not await other.wait(0)


async def test_an_ending_of_a_job_that_nobody_watches_is_nothing() -> None:
    assert await drop_watch(ENDED, watches=ProcessWatches()) == ()


@pytest.mark.parametrize("seconds", [-1, 0])
async def test_a_watch_that_is_due_does_not_wait(seconds: float) -> None:
    with ProcessWatches().watching("job") as watch:
        assert not await watch.wait(seconds)


async def test_a_lease_that_moved_is_given_up_without_a_look_when_all_is_done_already() -> None:
    world = World()
    world.records.put_job(JOB.job_id, JobStatus.CANCELED)
    world.pass_by(timedelta(seconds=5))
    assert await world.watch() == []
    assert world.provider.looked_at == []


async def test_a_fresh_lease_costs_no_look_at_any_record() -> None:
    world = World()
    world.records.put_job(JOB.job_id, JobStatus.CANCELED)
    assert len(await world.watch()) == 1


async def test_after_a_silence_of_the_broker_what_ended_meanwhile_is_dropped() -> None:
    world = World(then=WORKING)
    await drop_ended(watches=world.watches, records=world.records)
    assert world.watches.dropped_at is None
    world.records.put_job(JOB.job_id, JobStatus.CANCELED)
    await drop_ended(watches=world.watches, records=world.records)
    assert world.watches.dropped_at == ROUTED


async def test_what_one_job_was_told_of_the_key_is_told_to_the_next_without_a_look() -> None:
    world = World(then=Barred("the provider did not accept the key"))
    key = world.shared.sights.of(JOB.key_id)
    world.pass_by(RENEW_AFTER)
    for _ in range(2):
        (ending,) = await world.watch()
        assert isinstance(ending, AttemptFailed)
        assert ending.message == "the provider did not accept the key"
    assert key.sight.barred is not None
    gaps = [later - earlier for earlier, later in pairwise(world.provider.looked_at)]
    assert gaps
    assert min(gaps) >= BARRED_FOR


async def test_a_job_that_ends_while_its_look_waits_for_a_slot_is_not_looked_at() -> None:
    world = World()
    async with AsyncExitStack() as stack:
        for _ in range(OF_ONE_KEY):
            await stack.enter_async_context(world.shared.slots.slot(JOB.seller_id, JOB.key_id))
        watched = asyncio.create_task(world.watch())
        await happens(lambda: world.watches.waits, every=0)
        world.watches.drop(JOB.job_id)
    assert await watched == []
    assert world.provider.looked_at == []
