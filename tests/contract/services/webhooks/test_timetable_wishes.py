"""Retries that a buyer asks for, and outcomes that are still to be said."""

import asyncio
from datetime import timedelta

import pytest

from services.webhooks.domain.answer import Delivered, Exhausted, RetryAfter, Verdict
from services.webhooks.domain.delivery import Claimed, Delivery, Outcome
from services.webhooks.ports import Concluded, Deliveries
from shared.contracts.records.delivery import DeliveryAttempt, DeliveryState
from tests.contract.services.webhooks.conftest import Timetable
from tests.unit.services.webhooks.samples import BUYER, attempt, delivery

LEASE = timedelta(minutes=1)
LATER = RetryAfter(timedelta(hours=1), "status 500")


def failed(number: int = 1) -> DeliveryAttempt:
    return attempt(number, status=500, error="status 500")


FAILED = failed()


async def added(deliveries: Deliveries) -> Delivery:
    wanted = delivery()
    await deliveries.add(wanted)
    return wanted


async def claimed(deliveries: Deliveries, wanted: Delivery, lease: timedelta = LEASE) -> Claimed:
    claim = await deliveries.claim(wanted.id, lease=lease)
    assert claim is not None
    return claim


async def concluded(deliveries: Deliveries, verdict: Verdict) -> Delivery:
    wanted = await added(deliveries)
    line = attempt() if isinstance(verdict, Delivered) else FAILED
    await deliveries.conclude(await claimed(deliveries, wanted), line, verdict)
    return wanted


async def due(deliveries: Deliveries) -> list[str]:
    return [found.id for found in await deliveries.due(past_hosts=(), limit=100)]


@pytest.mark.parametrize("verdict", [Delivered(), Exhausted("gone"), LATER], ids=lambda it: type(it).__name__)
async def test_a_retry_is_due_at_once_whatever_came_before(timetable: Timetable, verdict: Verdict) -> None:
    wanted = await concluded(timetable.deliveries, verdict)
    assert await due(timetable.deliveries) == []
    assert await timetable.deliveries.retry(wanted.id, BUYER, "first")
    assert await due(timetable.deliveries) == [wanted.id]
    assert (await claimed(timetable.deliveries, wanted)).attempt == 2
    assert (await timetable.record(wanted.id)).state is DeliveryState.PENDING


async def test_a_retry_takes_the_place_of_the_attempt_to_come(deliveries: Deliveries) -> None:
    wanted = await concluded(deliveries, LATER)
    await deliveries.retry(wanted.id, BUYER, "first")
    await deliveries.conclude(await claimed(deliveries, wanted), attempt(2), Delivered())
    assert await due(deliveries) == []


async def test_the_same_wish_is_granted_once(deliveries: Deliveries) -> None:
    wanted = await concluded(deliveries, Delivered())
    for wish in ("first", "second"):
        assert await deliveries.retry(wanted.id, BUYER, wish)
        await deliveries.conclude(await claimed(deliveries, wanted), attempt(2), Delivered())
    for heard_again in ("first", "second"):
        assert await deliveries.retry(wanted.id, BUYER, heard_again)
    assert await due(deliveries) == []


async def test_what_is_anothers_or_nothing_is_not_retried(deliveries: Deliveries) -> None:
    wanted = await concluded(deliveries, Delivered())
    assert not await deliveries.retry(wanted.id, "another buyer", "first")
    assert not await deliveries.retry("nothing", BUYER, "first")
    assert await due(deliveries) == []


async def test_a_wish_during_an_attempt_makes_no_second_one_at_once(deliveries: Deliveries) -> None:
    wanted = await added(deliveries)
    await claimed(deliveries, wanted)
    assert await deliveries.retry(wanted.id, BUYER, "first")
    assert await due(deliveries) == []
    assert await deliveries.claim(wanted.id, lease=LEASE) is None


@pytest.mark.parametrize("verdict", [LATER, Exhausted("gone")], ids=lambda it: type(it).__name__)
async def test_a_wish_during_an_attempt_that_fails_is_granted_after_it(timetable: Timetable, verdict: Verdict) -> None:
    wanted = await added(timetable.deliveries)
    under_way = await claimed(timetable.deliveries, wanted)
    await timetable.deliveries.retry(wanted.id, BUYER, "first")
    assert await timetable.deliveries.conclude(under_way, FAILED, verdict) is Concluded.REPLACED
    assert await timetable.deliveries.untold(for_at_least=timedelta(), limit=10) == []
    again = await claimed(timetable.deliveries, wanted)
    assert await timetable.deliveries.conclude(again, attempt(2, error="reset"), LATER) is Concluded.NOTED
    assert await due(timetable.deliveries) == []
    assert (await timetable.record(wanted.id)).attempts == 2


async def test_each_attempt_by_itself_is_a_step_of_the_ladder(deliveries: Deliveries) -> None:
    wanted = await added(deliveries)
    for number in (1, 2, 3):
        claim = await claimed(deliveries, wanted)
        assert (claim.attempt, claim.step) == (number, number)
        await deliveries.conclude(claim, failed(number), RetryAfter(timedelta(), "status 500"))


async def test_attempts_that_the_buyer_asks_for_use_up_no_step_of_the_ladder(deliveries: Deliveries) -> None:
    wanted = await concluded(deliveries, LATER)
    for number in (2, 3, 4):
        await deliveries.retry(wanted.id, BUYER, str(number))
        await deliveries.retry(wanted.id, BUYER, f"{number} once more")
        claim = await claimed(deliveries, wanted)
        assert (claim.attempt, claim.step) == (number, 1)
        await deliveries.conclude(
            claim, failed(number), RetryAfter(timedelta(), "status 500") if number == 4 else LATER
        )
    by_itself = await claimed(deliveries, wanted)
    assert (by_itself.attempt, by_itself.step) == (5, 2)


async def test_an_attempt_wished_for_during_another_uses_up_no_step_either(deliveries: Deliveries) -> None:
    wanted = await added(deliveries)
    under_way = await claimed(deliveries, wanted)
    await deliveries.retry(wanted.id, BUYER, "first")
    await deliveries.conclude(under_way, FAILED, LATER)
    again = await claimed(deliveries, wanted)
    assert (again.attempt, again.step) == (2, 1)
    await deliveries.conclude(again, failed(2), RetryAfter(timedelta(), "status 500"))
    assert (await claimed(deliveries, wanted)).step == 2


async def test_an_attempt_that_the_buyer_asked_for_stays_one_when_its_lease_ends(deliveries: Deliveries) -> None:
    wanted = await concluded(deliveries, LATER)
    await deliveries.retry(wanted.id, BUYER, "first")
    assert (await claimed(deliveries, wanted, lease=timedelta())).step == 1
    assert (await claimed(deliveries, wanted)).step == 1


async def test_a_wish_during_an_attempt_that_succeeds_is_fulfilled_by_it(deliveries: Deliveries) -> None:
    wanted = await added(deliveries)
    under_way = await claimed(deliveries, wanted)
    await deliveries.retry(wanted.id, BUYER, "first")
    assert await deliveries.conclude(under_way, attempt(), Delivered()) is Concluded.NOTED
    assert await due(deliveries) == []


async def test_a_wish_after_a_dead_attempt_does_not_wait_for_it(deliveries: Deliveries) -> None:
    wanted = await added(deliveries)
    dead = await claimed(deliveries, wanted, lease=timedelta())
    await deliveries.retry(wanted.id, BUYER, "first")
    assert await deliveries.conclude(dead, attempt(), Delivered()) is Concluded.OVERTAKEN
    assert await due(deliveries) == [wanted.id]


async def test_of_many_wishes_and_claims_at_once_one_attempt_comes(deliveries: Deliveries) -> None:
    wanted = await concluded(deliveries, LATER)
    wishes = (deliveries.retry(wanted.id, BUYER, str(number)) for number in range(4))
    claims = (deliveries.claim(wanted.id, lease=LEASE) for _ in range(4))
    await asyncio.gather(*wishes)
    made = [claim for claim in await asyncio.gather(*claims) if claim is not None]
    assert len(made) == 1


async def test_an_outcome_is_to_be_said_until_it_was(deliveries: Deliveries) -> None:
    heard = await concluded(deliveries, Delivered())
    gone = await concluded(deliveries, Exhausted("status 500"))
    await concluded(deliveries, LATER)
    outcomes = [
        Outcome(heard.id, BUYER, DeliveryState.SUCCEEDED, 1, None),
        Outcome(gone.id, BUYER, DeliveryState.EXHAUSTED, 1, "status 500"),
    ]
    untold = await deliveries.untold(for_at_least=timedelta(), limit=10)
    assert sorted(untold, key=lambda it: it.state, reverse=True) == outcomes
    assert await deliveries.untold(for_at_least=timedelta(minutes=1), limit=10) == []
    assert len(await deliveries.untold(for_at_least=timedelta(), limit=1)) == 1
    await deliveries.told(outcomes[0])
    assert await deliveries.untold(for_at_least=timedelta(), limit=10) == [outcomes[1]]


async def test_saying_an_earlier_outcome_does_not_hide_a_later_one(deliveries: Deliveries) -> None:
    wanted = await concluded(deliveries, Exhausted("status 500"))
    [earlier] = await deliveries.untold(for_at_least=timedelta(), limit=10)
    await deliveries.retry(wanted.id, BUYER, "first")
    await deliveries.conclude(await claimed(deliveries, wanted), attempt(2), Delivered())
    await deliveries.told(earlier)
    [later] = await deliveries.untold(for_at_least=timedelta(), limit=10)
    assert (later.state, later.attempts) == (DeliveryState.SUCCEEDED, 2)
