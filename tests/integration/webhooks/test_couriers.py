"""Couriers that die, stop, race and are asked for more: each attempt is made, and by one at a time."""

import asyncio
from collections import Counter
from datetime import timedelta

from services.webhooks.domain.answer import Answered
from services.webhooks.domain.delivery import Claimed
from services.webhooks.handlers.send_attempt import send_attempt
from shared.contracts.market_events import DeliverySucceeded
from shared.contracts.records.delivery import DeliveryState
from tests.integration.webhooks.office import Office, open_office
from tests.integration.webhooks.receivers import answering, answering_in_turn, awaiting, receiving
from tests.kit.waiting import happens
from tests.unit.services.webhooks.samples import BUYER

A_MOMENT = timedelta(milliseconds=300)


async def claimed(office: Office, delivery_id: str) -> Claimed:
    claim = await office.deliveries.claim(delivery_id, lease=A_MOMENT)
    assert claim is not None
    return claim


async def test_what_a_dead_courier_had_claimed_is_sent_when_its_lease_ends(office: Office) -> None:
    async with receiving(answering(200)) as [receiver]:
        wanted = await office.add(receiver.url)
        await claimed(office, wanted.id)
        async with office.courier():
            record = await office.over(wanted)
    assert (record.state, record.attempts, len(receiver.arrived)) == (DeliveryState.SUCCEEDED, 1, 1)


async def test_what_a_dead_courier_had_sent_is_sent_again_under_the_same_id(office: Office) -> None:
    async with receiving(answering(200)) as [receiver]:
        wanted = await office.add(receiver.url)
        sent = await send_attempt(await claimed(office, wanted.id), office.sending)
        assert sent.answer == Answered(200)
        async with office.courier():
            record = await office.over(wanted)
    assert (record.state, record.attempts, len(receiver.arrived)) == (DeliveryState.SUCCEEDED, 1, 2)
    assert len({arrived.message_id for arrived in receiver.arrived}) == 1


async def test_several_couriers_never_make_the_same_attempt(office: Office) -> None:
    async with receiving(*[answering_in_turn(200)] * 40) as receivers:
        owed = [await office.add(receiver.url) for receiver in receivers for _ in range(5)]
        async with office.courier(), office.courier(), office.courier():
            records = [await office.over(wanted, within=20) for wanted in owed]
    sent = Counter(arrived.message_id for receiver in receivers for arrived in receiver.arrived)
    assert set(sent.values()) == {1}
    assert len(sent) == len(owed)
    assert {record.attempts for record in records} == {1}
    said = Counter(fact.delivery_id for fact in office.heard.facts if isinstance(fact, DeliverySucceeded))
    assert said == Counter({wanted.id: 1 for wanted in owed})


async def test_a_retry_takes_the_place_of_the_attempt_to_come(mongo_url: str, database_name: str) -> None:
    ladder = (timedelta(), timedelta(hours=1), timedelta(hours=1))
    async with (
        open_office(mongo_url, database_name, ladder=ladder) as office,
        receiving(answering_in_turn(500, 200)) as [receiver],
        office.courier() as courier,
    ):
        wanted = await office.add(receiver.url)
        await office.attempted(wanted)
        await office.deliveries.retry(wanted.id, BUYER, "first")
        courier.wake()
        record = await office.over(wanted)
    assert (record.state, record.attempts, len(receiver.arrived)) == (DeliveryState.SUCCEEDED, 2, 2)


async def test_a_retry_during_an_attempt_is_never_a_second_call_at_once(impatient: Office) -> None:
    gate = asyncio.Event()
    async with receiving(awaiting(gate)) as [receiver], impatient.courier(), impatient.courier() as courier:
        wanted = await impatient.add(receiver.url)
        await happens(lambda: receiver.at_once == 1)
        for wish in ("first", "second"):
            await impatient.deliveries.retry(wanted.id, BUYER, wish)
        courier.wake()
        record = await impatient.attempted(wanted)
        assert record.log[0].error == "timeout"
        gate.set()
        record = await impatient.over(wanted)
    assert (record.state, receiver.most_at_once) == (DeliveryState.SUCCEEDED, 1)


async def test_an_exhausted_one_can_be_sent_again(office: Office) -> None:
    async with receiving(answering_in_turn(410, 200)) as [receiver], office.courier():
        wanted = await office.add(receiver.url)
        assert (await office.over(wanted)).state is DeliveryState.EXHAUSTED
        await office.deliveries.retry(wanted.id, BUYER, "first")
        await happens(lambda: len(receiver.arrived) == 2)
        record = await office.attempted(wanted, 2)
    assert record.state is DeliveryState.SUCCEEDED


async def test_a_courier_told_to_stop_ends_what_is_under_way_and_begins_nothing(office: Office) -> None:
    gate = asyncio.Event()
    async with receiving(awaiting(gate), answering(200)) as [slow, quick]:
        async with office.courier():
            under_way = await office.add(slow.url)
            await happens(lambda: slow.at_once == 1)
            asyncio.get_running_loop().call_later(0.2, gate.set)
        later = await office.add(quick.url)
        record = await office.record(under_way)
        assert (record.state, record.attempts) == (DeliveryState.SUCCEEDED, 1)
        assert quick.arrived == []
        async with office.courier():
            assert (await office.over(later)).state is DeliveryState.SUCCEEDED


async def test_an_outcome_that_no_broker_heard_is_not_lost(office: Office) -> None:
    async with receiving(answering(410)) as [receiver], office.courier():
        office.heard.broken = True
        wanted = await office.add(receiver.url)
        await office.over(wanted)
    [outcome] = await office.deliveries.untold(for_at_least=timedelta(), limit=10)
    assert (outcome.delivery_id, outcome.reason) == (wanted.id, "status 410: the receiver is gone")
