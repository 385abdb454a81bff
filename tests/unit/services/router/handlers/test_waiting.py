"""Jobs wait for an offer that is only busy or paused, as long as their time allows."""

from datetime import timedelta

from services.router.handlers.advance_job import LOOK_UP
from services.router.handlers.sweep import MOST, UNROUTED
from shared.contracts.job_events import JobRouted, JobUnroutable
from shared.contracts.records.job import JobStatus
from shared.kernel.money import ZERO
from shared.providers.outcomes import Pause, Refused
from tests.unit.services.router.market import AT, EXPIRES, job, offer
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)


def throttled(seconds: int) -> Refused:
    return Refused("not so fast", Pause.THROTTLED, 429, seconds * SECOND)


async def test_a_job_waits_for_the_only_offer_while_it_is_throttled(world: World) -> None:
    await world.open(offer())
    world.answers(throttled(10))
    assert [type(said).TYPE for said in await world.route()] == ["offer.standing_changed"]
    await world.wake()
    assert world.said == []
    world.pass_by(10 * SECOND)
    await world.wake()
    assert isinstance(world.said[-1], JobRouted)
    assert world.asked() == ["offer", "offer"]
    assert await world.history() == [(1, "offer", "refused"), (2, "offer", "submitted")]


async def test_a_job_does_not_wait_past_its_deadline(world: World) -> None:
    await world.open(offer())
    world.answers(throttled(60))
    said = await world.route(expires_at=AT + 30 * SECOND)
    assert isinstance(said[-1], JobUnroutable)
    assert said[-1].code == "no_healthy_sellers"
    assert "job" not in world.routing.waiting


async def test_a_job_waits_for_a_place_and_goes_when_one_is_free(world: World) -> None:
    await world.open(offer(max_concurrent=1))
    await world.route("first")
    assert await world.route("second") == []
    world.pass_by(2 * SECOND)
    await world.wake()
    assert world.said == []
    first = await world.last("first")
    await world.standings.settle("offer", first.reservation_id, ZERO)
    world.routing.book.put_standing(await world.standings.find("offer"))
    world.pass_by(2 * SECOND)
    await world.wake()
    assert [said.job_id for said in world.said if isinstance(said, JobRouted)] == ["second"]


async def test_a_canceled_job_waits_no_longer(world: World) -> None:
    await world.open(offer())
    world.answers(throttled(10))
    await world.route()
    world.jobs.put(job(cancel_requested_at=world.now))
    world.pass_by(10 * SECOND)
    await world.wake()
    (said,) = world.said
    assert isinstance(said, JobUnroutable)
    assert said.code == "canceled"
    assert world.asked() == ["offer"]


async def test_a_job_that_waited_in_a_process_that_is_gone_is_found_by_another(world: World) -> None:
    await world.open(offer(max_concurrent=1))
    await world.route("first")
    world.jobs.put(job("first", status=JobStatus.SUBMITTED, attempts=1))
    await world.route("second")
    await world.standings.settle("offer", (await world.last("first")).reservation_id, ZERO)
    survivor = world.another_process()
    for entry in await world.offers.standing():
        survivor.book.put(entry)
    world.pass_by(UNROUTED + SECOND)
    await world.sweep(by=survivor)
    assert [said.job_id for said in world.said if isinstance(said, JobRouted)] == ["second"]


async def test_a_waiting_job_takes_an_offer_that_came_meanwhile(world: World) -> None:
    await world.open(offer("throttled", 6_000))
    world.answers(throttled(240))
    await world.route()
    await world.open(offer("new", 7_000))
    world.pass_by(LOOK_UP)
    await world.wake()
    assert [said.offer_id for said in world.said if isinstance(said, JobRouted)] == ["new"]


async def test_however_many_wait_here_the_sweep_finds_who_does_not(world: World) -> None:
    await world.open(offer())
    for number in range(MOST):
        name = f"{number:04}"
        world.jobs.put(job(name))
        assert world.routing.waiting.enter(name, world.now + 2 * UNROUTED)
    world.jobs.put(job("left", expires_at=EXPIRES + SECOND))
    world.pass_by(UNROUTED + SECOND)
    await world.sweep()
    assert [said.job_id for said in world.said if isinstance(said, JobRouted)] == ["left"]


async def test_the_sweep_leaves_alone_who_waits_here(world: World) -> None:
    await world.open(offer())
    world.answers(throttled(240))
    await world.route(expires_at=EXPIRES)
    world.pass_by(UNROUTED / 2)
    assert "job" in world.routing.waiting
    await world.sweep()
    assert world.said == []
