"""Standings: what is reserved is counted, ended once, and health changes only from what was seen."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from services.router.domain.health import PROBE_FOR
from services.router.domain.reservation import NotReserved, Reservation, Reserved
from shared.kernel.clock import in_millis
from shared.kernel.money import ZERO, Money
from shared.market.offers import Offer
from shared.market.standings import Health, Standing, utc_day
from tests.contract.services.router.worlds import World
from tests.unit.services.router.market import AT, offer

COST = Money(21_000)
SECOND = timedelta(seconds=1)


def reservation(name: str = "r", at: datetime = AT, amount: Money = COST) -> Reservation:
    return Reservation(f"job:1:{name}", "offer", amount, at)


async def reserved(world: World, of: Offer, wanted: Reservation) -> Standing:
    outcome = await world.standings.reserve(of, wanted)
    assert isinstance(outcome, Reserved)
    return outcome.standing


async def paused(world: World, *, failures: int, until: datetime) -> Standing:
    before = await reserved(world, offer(), reservation("before"))
    after = replace(before, health=Health.PAUSED, reason="full", until=until, failures=failures)
    changed = await world.standings.change(before, after, offer_revision=1)
    assert changed is not None
    return changed


async def test_an_offer_that_was_never_used_is_healthy_and_idle(world: World) -> None:
    assert await world.standings.find("offer") == Standing("offer")
    assert await world.standings.all() == []


async def test_a_reservation_counts_in_flight_and_against_the_day(world: World) -> None:
    outcome = await world.standings.reserve(offer(), reservation())
    expected = Standing("offer", in_flight=1, day="2026-05-01", spent=COST, used_at=AT, revision=1)
    assert outcome == Reserved(expected, probe=False)
    assert await world.standings.find("offer") == expected
    assert await world.standings.all() == [expected]
    assert await world.standings.of(["offer", "another"]) == [expected]


async def test_never_more_are_in_flight_than_the_seller_allows(world: World) -> None:
    busy = offer(max_concurrent=5)
    outcomes = await asyncio.gather(*(world.standings.reserve(busy, reservation(f"r{n}")) for n in range(20)))
    # One that meets the very first insert may be turned away without need; it asks again.
    taken = sum(isinstance(outcome, Reserved) for outcome in outcomes)
    while taken < 5:
        taken += isinstance(await world.standings.reserve(busy, reservation(f"again{taken}")), Reserved)
    refused = await world.standings.reserve(busy, reservation("late"))
    assert isinstance(refused, NotReserved)
    assert refused.standing.in_flight == 5


async def test_the_daily_cap_is_never_passed(world: World) -> None:
    capped = offer(cap_daily=Money(COST.micros * 2 + 1))
    await reserved(world, capped, reservation("a"))
    await reserved(world, capped, reservation("b"))
    refused = await world.standings.reserve(capped, reservation("c"))
    assert isinstance(refused, NotReserved)
    assert refused.standing.spent == Money(COST.micros * 2)


async def test_a_job_dearer_than_the_whole_cap_never_fits(world: World) -> None:
    assert isinstance(await world.standings.reserve(offer(cap_daily=Money(1)), reservation()), NotReserved)


async def test_a_new_day_begins_at_nothing(world: World) -> None:
    capped = offer(cap_daily=COST)
    await reserved(world, capped, reservation("today"))
    tomorrow = AT + timedelta(days=1)
    after = await reserved(world, capped, reservation("tomorrow", at=tomorrow))
    assert (after.day, after.spent, after.in_flight) == (utc_day(tomorrow), COST, 2)


async def test_whose_clock_is_still_in_yesterday_does_not_begin_the_day_again(world: World) -> None:
    capped, tomorrow = offer(cap_daily=COST), AT + timedelta(days=1)
    today = await reserved(world, capped, reservation("today", at=tomorrow))
    assert await world.standings.reserve(capped, reservation("late", at=AT)) == NotReserved(today)


async def test_without_a_cap_a_late_job_of_yesterday_counts_on_no_day(world: World) -> None:
    await reserved(world, offer(), reservation("today", at=AT + timedelta(days=1)))
    after = await reserved(world, offer(), reservation("late", at=AT))
    assert (after.day, after.spent, after.in_flight) == ("2026-05-02", COST, 2)
    left = await world.standings.settle("offer", "job:1:late", ZERO)
    assert left is not None
    assert (left.day, left.spent, left.in_flight) == ("2026-05-02", COST, 1)


async def test_a_freed_reservation_leaves_nothing(world: World) -> None:
    await reserved(world, offer(), reservation())
    left = await world.standings.settle("offer", "job:1:r", ZERO)
    assert left is not None
    assert (left.in_flight, left.spent) == (0, ZERO)


async def test_a_captured_reservation_leaves_what_was_captured(world: World) -> None:
    await reserved(world, offer(), reservation("a"))
    await reserved(world, offer(), reservation("b"))
    left = await world.standings.settle("offer", "job:1:a", Money(20_000))
    assert left is not None
    assert (left.in_flight, left.spent) == (1, Money(41_000))


async def test_a_reservation_is_ended_once(world: World) -> None:
    await reserved(world, offer(), reservation())
    ended = await asyncio.gather(*(world.standings.settle("offer", "job:1:r", ZERO) for _ in range(8)))
    assert sum(one is not None for one in ended) == 1
    assert (await world.standings.find("offer")).in_flight == 0
    assert await world.standings.settle("nobody", "job:1:r", ZERO) is None


async def test_what_was_reserved_yesterday_is_not_taken_off_today(world: World) -> None:
    await reserved(world, offer(), reservation("yesterday"))
    await reserved(world, offer(), reservation("today", at=AT + timedelta(days=1)))
    left = await world.standings.settle("offer", "job:1:yesterday", ZERO)
    assert left is not None
    assert (left.in_flight, left.spent) == (1, COST)


async def test_nobody_is_sent_to_a_paused_or_shut_offer(world: World) -> None:
    standing = await paused(world, failures=0, until=AT + 10 * SECOND)
    assert await world.standings.reserve(offer(), reservation(at=AT + 9 * SECOND)) == NotReserved(standing)
    shut = await world.standings.change(standing, replace(standing, health=Health.SHUT, until=None), offer_revision=1)
    assert shut is not None
    assert await world.standings.reserve(offer(), reservation(at=AT + 20 * SECOND)) == NotReserved(shut)


async def test_when_a_throttle_ends_everybody_may_try(world: World) -> None:
    await paused(world, failures=0, until=AT + SECOND)
    for name in ("a", "b"):
        outcome = await world.standings.reserve(offer(), reservation(name, at=AT + SECOND))
        assert isinstance(outcome, Reserved)
        assert outcome.probe


async def test_when_a_pause_after_failures_ends_one_job_is_the_probe(world: World) -> None:
    await paused(world, failures=2, until=AT + SECOND)
    outcomes = await asyncio.gather(
        *(world.standings.reserve(offer(), reservation(f"r{n}", at=AT + SECOND)) for n in range(8))
    )
    (probe,) = [outcome for outcome in outcomes if isinstance(outcome, Reserved)]
    assert probe.probe
    assert probe.standing.until == AT + SECOND + PROBE_FOR


async def test_a_probe_that_told_nothing_leaves_the_turn_to_the_next_job(world: World) -> None:
    await paused(world, failures=2, until=AT + SECOND)
    await reserved(world, offer(), reservation("probe", at=AT + SECOND))
    assert isinstance(await world.standings.reserve(offer(), reservation("early", at=AT + 2 * SECOND)), NotReserved)
    left = await world.standings.settle("offer", "job:1:probe", ZERO)
    assert left is not None
    assert left.until == AT + SECOND
    assert isinstance(await world.standings.reserve(offer(), reservation("next", at=AT + 2 * SECOND)), Reserved)


async def test_a_probe_of_which_something_is_to_be_told_keeps_the_others_away_until_then(world: World) -> None:
    await paused(world, failures=2, until=AT + SECOND)
    probing = await reserved(world, offer(), reservation("probe", at=AT + SECOND))
    left = await world.standings.settle("offer", "job:1:probe", ZERO, probes_on=True)
    assert left is not None
    assert left.until == probing.until == AT + SECOND + PROBE_FOR


async def test_a_job_from_before_the_pause_opens_nothing_when_it_ends(world: World) -> None:
    await reserved(world, offer(), reservation("earlier"))
    standing = await paused(world, failures=2, until=AT + 10 * SECOND)
    left = await world.standings.settle("offer", "job:1:earlier", ZERO)
    assert left is not None
    assert left.until == standing.until


async def test_health_changes_only_from_what_was_seen(world: World) -> None:
    before = await reserved(world, offer(), reservation())
    after = replace(before, health=Health.PAUSED, reason="full", until=AT + SECOND, failures=1)
    outcomes = await asyncio.gather(*(world.standings.change(before, after, offer_revision=1) for _ in range(8)))
    (changed,) = [outcome for outcome in outcomes if outcome is not None]
    assert changed == replace(after, revision=before.revision + 1)
    assert await world.standings.find("offer") == changed


async def test_a_place_taken_meanwhile_does_not_hinder_a_change_of_health(world: World) -> None:
    before = await reserved(world, offer(), reservation("a"))
    await reserved(world, offer(), reservation("b"))
    changed = await world.standings.change(before, replace(before, failures=1), offer_revision=1)
    assert changed is not None
    assert (changed.failures, changed.in_flight) == (1, 2)


async def test_a_shut_offer_opens_when_its_seller_has_changed_it_since(world: World) -> None:
    before = await reserved(world, offer(), reservation())
    shut = replace(before, health=Health.SHUT, reason="bad key", failures=2)
    await world.standings.change(before, shut, offer_revision=3)
    assert await world.standings.reopen("offer", 3) is None
    opened = await world.standings.reopen("offer", 4)
    assert opened is not None
    assert (opened.health, opened.reason, opened.failures) == (Health.HEALTHY, None, 0)
    assert await world.standings.reopen("offer", 5) is None


async def test_only_old_reservations_are_looked_through(world: World) -> None:
    now = in_millis(world.clock.now())
    old, young = reservation("old", at=now - 61 * SECOND), reservation("young", at=now)
    await reserved(world, offer(), old)
    await reserved(world, offer(), young)
    assert await world.standings.reservations(timedelta(seconds=60)) == [old]


async def test_every_change_has_a_higher_revision_than_the_one_before(world: World) -> None:
    first = await reserved(world, offer(), reservation())
    second = await world.standings.change(first, replace(first, failures=1), offer_revision=1)
    third = await world.standings.settle("offer", "job:1:r", ZERO)
    assert second is not None
    assert third is not None
    assert first.revision < second.revision < third.revision
