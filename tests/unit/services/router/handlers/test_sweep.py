"""What a router that died left lying is taken up by another."""

from datetime import timedelta

import pytest

from services.router.domain.closing import Closing
from services.router.domain.reservation import Reservation
from services.router.handlers.route_job import route_job
from services.router.handlers.sweep import (
    LEFT_OVER,
    SILENT,
    UNDECIDED,
    UNROUTED,
    sweep_reservations,
    sweep_watches,
)
from services.router.ports import INTENT_LIVES, Saved
from shared.contracts.addressed import Addressed
from shared.contracts.job_events import JobRouted, JobUnroutable
from shared.contracts.records.attempt import AttemptState
from shared.contracts.records.job import JobStatus
from shared.kernel.errors import Transient
from shared.kernel.money import ZERO
from shared.market.standings import Health
from tests.unit.services.router.market import attempt, created, job, offer
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)


async def intended_at(world: World, name: str) -> None:
    """An intent of a router that then died, reservation and all."""
    world.jobs.put(job())
    at = offer(name, 6_000)
    made = attempt(at=at, intended_at=world.now)
    await world.standings.reserve(at, Reservation(made.reservation_id, name, made.cost.seller, world.now))
    await world.attempts.intend(made)


async def test_a_young_intent_is_left_to_the_router_that_is_at_it(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    await intended_at(world, "a")
    world.pass_by(INTENT_LIVES - SECOND)
    with pytest.raises(Transient):
        await route_job(created(), routing=world.routing)
    assert world.asked() == []


async def test_an_old_intent_is_unknown_and_its_offer_is_not_asked_again(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    await intended_at(world, "a")
    world.pass_by(INTENT_LIVES)
    said = await route_job(created(), routing=world.routing)
    assert isinstance(said[-1], JobRouted)
    assert await world.history() == [(1, "a", "unknown"), (2, "b", "submitted")]
    standing = await world.standing("a")
    assert (standing.in_flight, standing.health, standing.failures) == (0, Health.PAUSED, 1)
    assert standing.spent == attempt().cost.seller


async def test_the_sweep_finds_an_old_intent_by_itself(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    await intended_at(world, "a")
    world.pass_by(INTENT_LIVES + SECOND)
    await world.sweep()
    assert isinstance(world.said[-1], JobRouted)
    assert await world.history() == [(1, "a", "unknown"), (2, "b", "submitted")]


async def test_a_router_that_comes_back_too_late_keeps_the_id_and_starts_nothing(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    await intended_at(world, "a")
    mine = await world.last()
    world.pass_by(INTENT_LIVES + SECOND)
    await world.sweep()
    assert await world.attempts.submitted(mine, "theirs", world.now) is Saved.SUPERSEDED
    first, second = await world.attempts.of_job("job")
    assert (first.state, first.provider_job_id) == (AttemptState.UNKNOWN, "theirs")
    assert second.state is AttemptState.SUBMITTED


async def test_a_closed_attempt_without_a_successor_is_decided(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    await world.route()
    await world.attempts.close(await world.last(), Closing(AttemptState.FAILED, "provider_error", "it broke"))
    await world.sweep()
    assert world.said == []
    world.pass_by(UNDECIDED + SECOND)
    await world.sweep()
    assert isinstance(world.said[-1], JobRouted)
    assert world.said[-1].attempt == 2


async def test_a_job_that_nobody_can_take_is_said_to_be_unroutable_until_it_has_ended(world: World) -> None:
    await world.open(offer("a", 6_000))
    await world.route()
    await world.attempts.close(await world.last(), Closing(AttemptState.FAILED, "provider_error", "it broke"))
    for _ in range(2):
        world.pass_by(UNDECIDED + SECOND)
        await world.sweep()
    assert [said.code for said in world.said if isinstance(said, JobUnroutable)] == ["provider_error"] * 2


async def test_a_job_whose_routing_api_has_not_heard_of_is_said_to_be_routed_again(world: World) -> None:
    await world.open(offer("a", 6_000))
    (routed,) = await world.route()
    world.pass_by(UNROUTED + SECOND)
    await world.sweep()
    world.jobs.put(job(status=JobStatus.SUBMITTED, attempts=1))
    await world.sweep()
    assert world.said == [routed]


async def test_a_watch_without_a_sign_of_life_is_given_to_the_pollers_alone(world: World) -> None:
    await world.open(offer("a", 6_000))
    await world.route()
    world.pass_by(SILENT + SECOND)
    for _ in range(2):
        await sweep_watches(leftovers=world.attempts, announcer=world)
    (said,) = world.said
    assert isinstance(said, Addressed)
    assert (said.service, said.event.subject) == ("poller", "job")


async def test_a_reservation_whose_attempt_was_never_stored_is_freed(world: World) -> None:
    await world.open(offer("a", 6_000))
    await world.standings.reserve(offer("a"), Reservation("job:1:lost", "a", attempt().cost.seller, world.now))
    world.pass_by(LEFT_OVER + SECOND)
    await sweep_reservations(routing=world.routing, announcer=world)
    standing = await world.standing("a")
    assert (standing.in_flight, standing.spent) == (0, ZERO)


async def test_a_reservation_of_a_job_at_work_stays(world: World) -> None:
    await world.open(offer("a", 6_000))
    await world.route()
    world.pass_by(LEFT_OVER + SECOND)
    await sweep_reservations(routing=world.routing, announcer=world)
    assert (await world.standing("a")).in_flight == 1
