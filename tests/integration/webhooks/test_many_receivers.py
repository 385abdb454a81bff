"""A slow or dead receiver delays nobody else, however much it is owed."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from services.webhooks.adapters.delivery_documents import CLAIMABLE, DUE
from services.webhooks.domain.receivers import PLACES_OF_A_HOST
from services.webhooks.entrypoints.courier import LOOK_AT_MOST
from shared.contracts.records.delivery import DeliveryState
from tests.integration.webhooks.office import Office
from tests.integration.webhooks.receivers import answering, awaiting, receiving
from tests.kit.waiting import happens
from tests.unit.services.webhooks.samples import BUYER

HEARD_WITHIN_SECONDS = 10.0
"""Less than the 15 s for which a hanging receiver is waited for."""


async def backlog(office: Office, url: str, host: str, size: int) -> None:
    """That many deliveries to one host, due for an hour: as rows, for the way there is not the matter."""
    since = datetime.now(UTC) - timedelta(hours=1)
    row = {
        "buyer_id": BUYER,
        "job_id": None,
        "type": "webhook.test",
        "url": url,
        "host": host,
        "happened_at": since,
        "created_at": since,
        "traceparent": None,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "log": [],
        "lease_token": None,
        "retry_wanted": False,
        "retry_requests": [],
        "untold_since": None,
    }
    await office.collection.insert_many(
        [
            {**row, "_id": f"{host}-{number}", "next_attempt_at": since + timedelta(milliseconds=number)}
            for number in range(size)
        ]
    )


async def test_half_of_two_hundred_receivers_hang_and_the_others_hear_promptly(office: Office) -> None:
    gate = asyncio.Event()
    async with (
        office.courier() as courier,
        receiving(*[awaiting(gate)] * 100, *[answering(200)] * 100) as receivers,
    ):
        dead, well = receivers[:100], receivers[100:]
        began = time.monotonic()
        for receiver in [*dead, *dead, *well, *dead, *dead, *well]:
            await office.add(receiver.url)
        courier.wake()
        await happens(lambda: all(len(receiver.arrived) == 2 for receiver in well), within=30)
        assert time.monotonic() - began < HEARD_WITHIN_SECONDS
        await happens(lambda: all(receiver.arrived for receiver in dead))
        assert all(receiver.most_at_once <= PLACES_OF_A_HOST for receiver in dead)
        gate.set()


async def test_a_host_is_sent_four_at_once_until_everything_is_sent(office: Office) -> None:
    gate = asyncio.Event()
    async with receiving(awaiting(gate)) as [receiver], office.courier():
        owed = [await office.add(receiver.url) for _ in range(20)]
        await happens(lambda: receiver.at_once == PLACES_OF_A_HOST)
        gate.set()
        for wanted in owed:
            assert (await office.over(wanted)).attempts == 1
    assert (receiver.most_at_once, len(receiver.arrived)) == (PLACES_OF_A_HOST, 20)


async def test_a_backlog_of_thousands_for_one_host_hardly_delays_others(office: Office) -> None:
    gate = asyncio.Event()
    async with receiving(awaiting(gate), answering(200)) as [slow, quick], office.courier() as courier:
        await backlog(office, slow.url, "127.1.0.1", 20 * LOOK_AT_MOST)
        await happens(lambda: slow.at_once == PLACES_OF_A_HOST)
        for _ in range(10):
            began = time.monotonic()
            heard = len(quick.arrived)
            await office.add(quick.url)
            courier.wake()
            await happens(lambda heard=heard: len(quick.arrived) > heard, every=0.01)
            assert time.monotonic() - began < 2
        gate.set()


async def test_looking_reads_what_is_due_and_not_the_rest_of_the_timetable(office: Office) -> None:
    await backlog(office, "https://due.example/", "due.example", 10)
    await backlog(office, "https://full.example/", "full.example", 500)
    await backlog(office, "https://later.example/", "later.example", 2000)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await office.collection.update_many({"host": "later.example"}, {"$set": {"next_attempt_at": tomorrow}})
    find = {
        "find": office.collection.name,
        "filter": {**CLAIMABLE, "host": {"$nin": ["full.example"]}},
        "projection": DUE,
        "sort": {"next_attempt_at": 1},
        "limit": LOOK_AT_MOST,
    }
    told = (await office.collection.database.command("explain", find, verbosity="executionStats"))["executionStats"]
    assert told["nReturned"] == 10
    assert told["totalDocsExamined"] == 10
    assert told["totalKeysExamined"] <= 520
