"""What is on the timetable, what is due, and whose attempt it is."""

import asyncio
from datetime import timedelta

from services.webhooks.domain.answer import Delivered, Exhausted, RetryAfter
from services.webhooks.domain.delivery import Claimed, Delivery
from services.webhooks.ports import Concluded, Deliveries
from shared.contracts.records.delivery import DeliveryState
from tests.contract.services.webhooks.conftest import Timetable
from tests.kit.waiting import eventually
from tests.unit.services.webhooks.samples import attempt, delivery

LEASE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)


async def claimed(deliveries: Deliveries, wanted: Delivery, lease: timedelta = LEASE) -> Claimed:
    claim = await deliveries.claim(wanted.id, lease=lease)
    assert claim is not None
    return claim


async def due(deliveries: Deliveries, *past_hosts: str) -> list[str]:
    return [found.id for found in await deliveries.due(past_hosts=past_hosts, limit=100)]


async def test_what_is_added_is_due_at_once_and_stands_as_it_was_given(timetable: Timetable) -> None:
    wanted = delivery(url="https://receiver.example/$path?$where=$$NOW")
    assert await timetable.deliveries.add(wanted)
    claim = await claimed(timetable.deliveries, wanted)
    record = await timetable.record(wanted.id)
    assert (claim.delivery, claim.attempt) == (wanted, 1)
    assert (record.url, record.type, record.job_id) == (wanted.url, wanted.type, wanted.job_id)
    assert (record.state, record.attempts, record.log) == (DeliveryState.PENDING, 0, ())


async def test_adding_again_changes_nothing(timetable: Timetable) -> None:
    wanted = delivery()
    await timetable.deliveries.add(wanted)
    claim = await claimed(timetable.deliveries, wanted)
    await timetable.deliveries.conclude(claim, attempt(), Delivered())
    assert not await timetable.deliveries.add(wanted)
    assert (await timetable.record(wanted.id)).state is DeliveryState.SUCCEEDED


async def test_of_many_who_add_at_once_one_does(deliveries: Deliveries) -> None:
    wanted = delivery()
    assert sorted(await asyncio.gather(*(deliveries.add(wanted) for _ in range(8)))) == [False] * 7 + [True]


async def test_what_is_missing_is_told_from_what_stands(deliveries: Deliveries) -> None:
    standing = delivery()
    await deliveries.add(standing)
    assert await deliveries.missing([standing.id, "another"]) == {"another"}


async def test_a_test_belongs_to_no_job(timetable: Timetable) -> None:
    wanted = delivery(job_id=None, type="webhook.test")
    await timetable.deliveries.add(wanted)
    assert (await claimed(timetable.deliveries, wanted)).delivery == wanted


async def test_what_has_been_due_longest_comes_first_and_some_hosts_are_left_out(deliveries: Deliveries) -> None:
    one, two, other = (delivery(url=f"https://{host}.example/") for host in ("one", "two", "one"))
    for wanted in (one, two, other):
        await deliveries.add(wanted)
    assert set(await due(deliveries)) == {one.id, two.id, other.id}
    assert await due(deliveries, "one.example") == [two.id]
    assert len(await deliveries.due(past_hosts=(), limit=2)) == 2
    claim = await claimed(deliveries, one)
    await deliveries.conclude(claim, attempt(), RetryAfter(timedelta(), "again"))
    assert (await due(deliveries))[-1] == one.id


async def test_what_is_due_tells_for_how_long(deliveries: Deliveries) -> None:
    await deliveries.add(delivery())

    async def late() -> bool:
        [found] = await deliveries.due(past_hosts=(), limit=1)
        assert timedelta() <= found.late < timedelta(minutes=1)
        return found.late > timedelta(milliseconds=20)

    await eventually(late)


async def test_of_many_who_claim_at_once_one_may_attempt(deliveries: Deliveries) -> None:
    wanted = delivery()
    await deliveries.add(wanted)
    claims = await asyncio.gather(*(deliveries.claim(wanted.id, lease=LEASE) for _ in range(8)))
    assert len([claim for claim in claims if claim is not None]) == 1
    assert await due(deliveries) == []


async def test_nobody_claims_what_does_not_stand(deliveries: Deliveries) -> None:
    assert await deliveries.claim("nothing", lease=LEASE) is None


async def test_when_a_lease_ends_the_same_attempt_is_due_again(deliveries: Deliveries) -> None:
    wanted = delivery()
    await deliveries.add(wanted)
    first = await claimed(deliveries, wanted, lease=timedelta())
    second = await claimed(deliveries, wanted)
    assert (second.attempt, second.delivery) == (first.attempt, first.delivery)
    assert second.token != first.token


async def test_whoever_lost_the_claim_notes_nothing(timetable: Timetable) -> None:
    wanted = delivery()
    await timetable.deliveries.add(wanted)
    late = await claimed(timetable.deliveries, wanted, lease=timedelta())
    await claimed(timetable.deliveries, wanted)
    assert await timetable.deliveries.conclude(late, attempt(), Delivered()) is Concluded.OVERTAKEN
    record = await timetable.record(wanted.id)
    assert (record.state, record.log) == (DeliveryState.PENDING, ())


async def test_a_conclusion_counts_once(deliveries: Deliveries) -> None:
    wanted = delivery()
    await deliveries.add(wanted)
    claim = await claimed(deliveries, wanted)
    assert await deliveries.conclude(claim, attempt(), RetryAfter(timedelta(), "again")) is Concluded.NOTED
    assert await deliveries.conclude(claim, attempt(), Delivered()) is Concluded.OVERTAKEN


async def test_a_delivered_one_is_never_due_again(timetable: Timetable) -> None:
    wanted = delivery()
    await timetable.deliveries.add(wanted)
    await timetable.deliveries.conclude(await claimed(timetable.deliveries, wanted), attempt(), Delivered())
    record = await timetable.record(wanted.id)
    assert (record.state, record.next_attempt_at, record.attempts) == (DeliveryState.SUCCEEDED, None, 1)
    assert await due(timetable.deliveries) == []


async def test_an_exhausted_one_is_never_due_again(timetable: Timetable) -> None:
    wanted = delivery()
    await timetable.deliveries.add(wanted)
    gone = attempt(status=410, error="status 410: the receiver is gone")
    await timetable.deliveries.conclude(await claimed(timetable.deliveries, wanted), gone, Exhausted("gone"))
    record = await timetable.record(wanted.id)
    assert (record.state, record.next_attempt_at, record.log) == (DeliveryState.EXHAUSTED, None, (gone,))
    assert await due(timetable.deliveries) == []


async def test_a_failed_one_waits_for_its_time(timetable: Timetable) -> None:
    wanted = delivery()
    await timetable.deliveries.add(wanted)
    failed = attempt(status=None, error="timeout")
    await timetable.deliveries.conclude(
        await claimed(timetable.deliveries, wanted), failed, RetryAfter(AN_HOUR, "timeout")
    )
    record = await timetable.record(wanted.id)
    assert await due(timetable.deliveries) == []
    assert await timetable.deliveries.claim(wanted.id, lease=LEASE) is None
    assert record.next_attempt_at is not None
    assert timedelta(minutes=55) < record.next_attempt_at - record.created_at < timedelta(minutes=65)
    assert record.log == (failed,)


async def test_every_attempt_is_logged_and_the_next_has_the_next_number(timetable: Timetable) -> None:
    wanted = delivery()
    await timetable.deliveries.add(wanted)
    lines = (attempt(1, status=500, error="status 500"), attempt(2, status=None, error="reset"), attempt(3))
    for line in lines:
        claim = await claimed(timetable.deliveries, wanted)
        assert claim.attempt == line.number
        await timetable.deliveries.conclude(claim, line, RetryAfter(timedelta(), "again"))
    assert (await timetable.record(wanted.id)).log == lines


async def test_a_url_as_long_as_can_be_is_no_trouble(deliveries: Deliveries) -> None:
    wanted = delivery(url="https://" + "x" * 4096 + ".example/" + "y" * 4096)
    await deliveries.add(wanted)
    assert (await claimed(deliveries, wanted)).delivery == wanted
