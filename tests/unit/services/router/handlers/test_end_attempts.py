"""A job's ending closes its attempts and ends what they reserved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.router.handlers.decide_again import decide_again
from services.router.handlers.end_attempts import Ending, hear_ending
from services.router.handlers.note_running import note_running
from services.router.handlers.sweep import UNDECIDED
from shared.contracts.job_events import (
    AttemptFailed,
    JobCanceled,
    JobExpired,
    JobFailed,
    JobRunning,
    JobSucceeded,
)
from shared.contracts.market_events import OfferStandingChanged
from shared.contracts.records.attempt import AttemptState
from shared.contracts.records.job import JobStatus, Winner
from shared.kernel.money import ZERO, Money
from shared.market.standings import Health
from shared.providers.outcomes import Pause, Refused, Unknown
from tests.unit.services.router.market import AT, MODEL, attempt, offer
from tests.unit.services.router.world import World

ENDED: dict[str, Any] = {"job_id": "job", "kind": "music", "buyer_id": "buyer", "model": MODEL.id, "ended_at": AT}
UNPAID: dict[str, Any] = {**ENDED, "attempts": 1, "settlement_status": "released", "message": "over"}


def succeeded(number: int = 1, earned: int = 15_000) -> JobSucceeded:
    return JobSucceeded(
        **ENDED,
        attempts=number,
        settlement_status="confirmed",
        attempt=number,
        offer_id="a",
        seller_id="seller-of-a",
        buyer_cost_usdc=Money(earned),
        seller_cost_usdc=Money(earned),
        duration_seconds=50,
    )


FAILED = JobFailed(**UNPAID, code="provider_error")
CANCELED = JobCanceled(**UNPAID, code="canceled")
EXPIRED = JobExpired(**UNPAID, code="expired")


async def routed(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    await world.route()


async def test_success_turns_the_reservation_into_what_was_earned(world: World) -> None:
    await routed(world)
    assert await hear_ending(succeeded(), routing=world.routing) == []
    standing = await world.standing("a")
    assert (standing.in_flight, standing.spent) == (0, Money(15_000))
    assert await world.history() == [(1, "a", "succeeded")]


@pytest.mark.parametrize("ending", [FAILED, CANCELED, EXPIRED])
async def test_every_other_ending_frees_the_reservation(world: World, ending: Ending) -> None:
    await routed(world)
    await hear_ending(ending, routing=world.routing)
    standing = await world.standing("a")
    assert (standing.in_flight, standing.spent) == (0, ZERO)
    made = await world.last()
    assert (made.state, made.code, made.reason) == (AttemptState.FAILED, ending.TYPE.removeprefix("job."), "over")


@pytest.mark.parametrize("ending", [succeeded(), FAILED, CANCELED, EXPIRED])
async def test_hearing_of_an_ending_again_changes_nothing(world: World, ending: Ending) -> None:
    await routed(world)
    await hear_ending(ending, routing=world.routing)
    history, standing = await world.attempts.of_job("job"), await world.standings.find("a")
    assert await hear_ending(ending, routing=world.routing) == []
    assert (await world.attempts.of_job("job"), await world.standings.find("a")) == (history, standing)


async def test_an_unknown_attempt_keeps_its_day_whatever_the_ending(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    world.answers(Unknown("reset"))
    await world.route()
    await hear_ending(succeeded(2), routing=world.routing)
    assert await world.history() == [(1, "a", "unknown"), (2, "b", "succeeded")]
    assert ((await world.standing("a")).spent, (await world.standing("b")).spent) == (Money(18_000), Money(15_000))


async def test_audio_of_an_attempt_that_was_given_up_overtakes_the_next(world: World) -> None:
    await routed(world)
    lost = AttemptFailed(job_id="job", kind="music", attempt=1, offer_id="a", code="provider_error", message="?")
    await decide_again(lost, routing=world.routing)
    await hear_ending(succeeded(1), routing=world.routing)
    assert await world.history() == [(1, "a", "failed"), (2, "b", "failed")]
    assert (await world.standing("b")).in_flight == 0


async def test_an_intent_that_the_ending_meets_is_unknown(world: World) -> None:
    await world.open(offer("a"))
    await world.attempts.intend(attempt(at=offer("a")))
    await hear_ending(EXPIRED, routing=world.routing)
    assert await world.history() == [(1, "a", "unknown")]


async def test_success_forgets_earlier_failures_of_the_offer(world: World) -> None:
    await world.open(offer("a", 6_000))
    world.answers(Refused("full", Pause.BACKOFF, 503))
    await world.route("unlucky")
    world.clock.move(timedelta(seconds=60))
    await world.route()
    assert (await world.standing("a")).failures == 1
    (said,) = await hear_ending(succeeded(), routing=world.routing)
    assert isinstance(said, OfferStandingChanged)
    standing = await world.standing("a")
    assert (standing.failures, standing.health) == (0, Health.HEALTHY)


async def test_a_provider_that_let_the_time_run_out_is_noted(world: World) -> None:
    await routed(world)
    (said,) = await hear_ending(EXPIRED, routing=world.routing)
    assert isinstance(said, OfferStandingChanged)
    assert (await world.standing("a")).failures == 1


async def test_a_cancel_says_nothing_about_the_offer(world: World) -> None:
    await routed(world)
    assert await hear_ending(CANCELED, routing=world.routing) == []
    assert (await world.standing("a")).failures == 0


async def test_room_that_a_full_offer_has_again_is_said_to_everyone(world: World) -> None:
    await world.open(offer("a", 6_000, max_concurrent=1))
    await world.route()
    (said,) = await hear_ending(succeeded(), routing=world.routing)
    assert isinstance(said, OfferStandingChanged)
    assert said.in_flight == 0


async def test_no_sweep_looks_again_at_a_job_that_ended(world: World) -> None:
    await world.open(offer("a", 6_000))
    world.answers(Refused("full", Pause.BACKOFF, 503))
    await world.route()
    await hear_ending(FAILED, routing=world.routing)
    world.pass_by(2 * UNDECIDED)
    assert await world.attempts.undecided(UNDECIDED, 10) == []


async def test_the_ending_of_a_job_that_was_never_attempted_changes_nothing(world: World) -> None:
    assert await hear_ending(CANCELED, routing=world.routing) == []


async def test_a_sign_of_life_is_noted(world: World) -> None:
    await routed(world)
    running = JobRunning(job_id="job", kind="music", attempt=1, started_at=AT, expected_seconds=20.0)
    assert await note_running(running, attempts=world.attempts) == ()
    assert (await world.last()).seen_at == world.now


async def test_an_ending_that_was_never_heard_is_found_in_the_job(world: World) -> None:
    await routed(world)
    kept = await world.jobs.find("job")
    assert kept is not None
    winner = Winner(1, "a", "seller-of-a")
    world.jobs.put(replace(kept, status=JobStatus.SUCCEEDED, winner=winner, seller_cost=Money(15_000)))
    world.clock.move(timedelta(seconds=17 * 60))
    await world.sweep()
    assert await world.history() == [(1, "a", "succeeded")]
    assert (await world.standing("a")).spent == Money(15_000)
