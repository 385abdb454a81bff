"""What the sweeps find, and what they must not."""

from datetime import timedelta

from services.router.domain.closing import Closing
from services.router.ports import INTENT_LIVES
from shared.contracts.records.attempt import AttemptState
from shared.kernel.clock import in_millis
from tests.contract.services.router.worlds import World
from tests.unit.services.router.market import attempt

MINUTE = timedelta(minutes=1)
REFUSED = Closing(AttemptState.REFUSED, "backoff", "full")


async def intend(world: World, job_id: str, number: int = 1, **changes: object) -> None:
    at = in_millis(world.clock.now())
    made = attempt(number, job_id=job_id, expires_at=at + 15 * MINUTE)
    assert await world.attempts.intend(made) is not None


async def submit(world: World, job_id: str, number: int = 1) -> None:
    await intend(world, job_id, number)
    made = (await world.attempts.of_job(job_id))[number - 1]
    await world.attempts.submitted(made, f"{job_id}-{number}", in_millis(world.clock.now()))


async def refuse(world: World, job_id: str, number: int = 1) -> None:
    await intend(world, job_id, number)
    assert await world.attempts.close((await world.attempts.of_job(job_id))[number - 1], REFUSED)


async def test_an_intent_is_left_over_when_its_router_must_be_gone(world: World) -> None:
    await intend(world, "old")
    await submit(world, "submitted")
    await world.age(INTENT_LIVES + MINUTE)
    await intend(world, "young")
    assert await world.leftovers.stale_intents(10) == ["old"]


async def test_a_closed_attempt_without_a_successor_is_undecided(world: World) -> None:
    await refuse(world, "first")
    await world.age(MINUTE)
    await refuse(world, "second")
    await submit(world, "at work")
    await world.age(2 * MINUTE)
    await refuse(world, "fresh")
    assert await world.leftovers.undecided(MINUTE, 10) == ["first", "second"]
    assert await world.leftovers.undecided(MINUTE, 1) == ["first"]
    assert await world.leftovers.undecided(MINUTE, 1, without={"first"}) == ["second"]


async def test_a_job_that_another_provider_has_is_decided(world: World) -> None:
    await refuse(world, "job")
    await submit(world, "job", 2)
    await world.age(2 * MINUTE)
    assert await world.leftovers.undecided(MINUTE, 10) == []


async def test_a_job_refused_twice_is_found_once(world: World) -> None:
    await refuse(world, "job")
    await refuse(world, "job", 2)
    await world.age(2 * MINUTE)
    assert await world.leftovers.undecided(MINUTE, 10) == ["job"]


async def test_a_job_refused_twice_counts_once(world: World) -> None:
    await refuse(world, "twice")
    await refuse(world, "twice", 2)
    await world.age(MINUTE)
    await refuse(world, "second")
    await world.age(2 * MINUTE)
    assert await world.leftovers.undecided(MINUTE, 2) == ["twice", "second"]


async def test_a_job_that_ended_is_found_no_more(world: World) -> None:
    await refuse(world, "refused")
    await submit(world, "submitted")
    await world.attempts.ended("refused")
    await world.attempts.ended("submitted")
    await world.age(60 * MINUTE)
    assert await world.leftovers.undecided(MINUTE, 10) == []
    assert await world.leftovers.overdue(MINUTE, 10) == []


async def test_a_job_past_its_deadline_whose_ending_was_not_heard_is_overdue(world: World) -> None:
    await submit(world, "unheard of")
    await world.age(10 * MINUTE)
    await submit(world, "in time")
    await world.age(7 * MINUTE)
    assert await world.leftovers.overdue(MINUTE, 10) == ["unheard of"]


async def test_an_attempt_without_a_sign_of_life_is_given_out_once_in_a_while(world: World) -> None:
    await submit(world, "silent")
    await world.age(3 * MINUTE)
    await submit(world, "young")
    await world.age(3 * MINUTE)
    claimed = await world.leftovers.claim_unwatched(5 * MINUTE)
    assert claimed is not None
    assert (claimed.job_id, claimed.provider_job_id) == ("silent", "silent-1")
    assert await world.leftovers.claim_unwatched(5 * MINUTE) is None


async def test_a_sign_of_life_keeps_the_watch_where_it_is(world: World) -> None:
    await submit(world, "job")
    await world.age(4 * MINUTE)
    await world.attempts.seen("job", 1)
    await world.age(4 * MINUTE)
    assert await world.leftovers.claim_unwatched(5 * MINUTE) is None


async def test_nobody_watches_past_the_deadline(world: World) -> None:
    await submit(world, "job")
    await world.age(16 * MINUTE)
    assert await world.leftovers.claim_unwatched(5 * MINUTE) is None
