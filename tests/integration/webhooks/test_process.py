"""A webhooks process as it runs: from the news on the broker to the buyer, and to its end."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openai import OpenAI

from services.api.domain.ending import ending_of
from shared.contracts.market_events import (
    DeliveryExhausted,
    DeliveryRetryRequested,
    DeliverySucceeded,
    DeliveryTestRequested,
)
from shared.contracts.records.delivery import DeliveryState
from shared.kernel.ids import new_id
from tests.contract.services.webhooks.api_writes import ended
from tests.integration.webhooks.process import Surroundings, surroundings
from tests.integration.webhooks.receivers import answering, answering_in_turn, awaiting, receiving
from tests.kit.waiting import eventually, happens
from tests.unit.services.webhooks.samples import AT, BUYER


@pytest.fixture
async def around(mongo_url: str, rabbitmq_url: str, database_name: str, tmp_path: Path) -> AsyncIterator[Surroundings]:
    async with surroundings(mongo_url, rabbitmq_url, database_name, tmp_path) as made:
        yield made


async def said_ending(around: Surroundings, url: str) -> str:
    """A job of a buyer who wants to hear ends, and api says so; the delivery's id."""
    job_id = await ended(around.jobs, at=datetime.now(UTC) - AT, webhook_url=url)
    job = await around.jobs.find(job_id)
    assert job is not None
    await around.ears.say(ending_of(job))
    return f"{job_id}:succeeded"


async def test_the_buyer_hears_within_two_seconds_and_can_verify_it(around: Surroundings) -> None:
    secret = await around.secrets.rotate(BUYER, datetime.now(UTC), timedelta())
    async with receiving(answering(200)) as [receiver], around.process():
        began = time.monotonic()
        delivery_id = await said_ending(around, receiver.url)
        await happens(lambda: receiver.arrived, every=0.01)
        assert time.monotonic() - began < 2
        await happens(lambda: around.ears.heard)
    [arrived] = receiver.arrived
    client = OpenAI(api_key="unused", webhook_secret=secret.reveal())
    event = client.webhooks.unwrap(arrived.body, arrived.headers)
    assert event.type == "music.generation.succeeded"
    assert b"X-Amz-Signature" in arrived.body
    assert around.ears.heard == [DeliverySucceeded(delivery_id=delivery_id, buyer_id=BUYER, attempts=1)]


async def test_buyers_can_ask_for_a_test_and_for_a_retry(around: Surroundings) -> None:
    await around.secrets.ensure(BUYER, datetime.now(UTC))
    test_id = new_id()
    async with receiving(answering_in_turn(500, 200)) as [receiver], around.process():
        await around.ears.say(DeliveryTestRequested(delivery_id=test_id, buyer_id=BUYER, url=receiver.url))
        await happens(lambda: any(isinstance(fact, DeliveryExhausted) for fact in around.ears.heard))
        wish = DeliveryRetryRequested(delivery_id=test_id, buyer_id=BUYER, request_id=new_id())
        await around.ears.say(wish)
        await happens(lambda: any(isinstance(fact, DeliverySucceeded) for fact in around.ears.heard))
    assert len({arrived.message_id for arrived in receiver.arrived}) == 1
    record = await around.record(test_id)
    assert record is not None
    assert [line.status for line in record.log] == [500, 200]


async def test_a_process_told_to_stop_ends_its_attempts_notes_them_and_says_them(around: Surroundings) -> None:
    await around.secrets.ensure(BUYER, datetime.now(UTC))
    gate = asyncio.Event()
    async with receiving(awaiting(gate)) as [receiver], around.process() as running:
        delivery_id = await said_ending(around, receiver.url)
        await happens(lambda: receiver.at_once == 1)
        running.process.terminate()
        asyncio.get_running_loop().call_later(1, gate.set)
        async with asyncio.timeout(25):
            assert await running.process.wait() == 0
        record = await around.record(delivery_id)
        assert record is not None
        assert (record.state, record.attempts) == (DeliveryState.SUCCEEDED, 1)
        await happens(lambda: around.ears.heard)
    assert around.ears.heard == [DeliverySucceeded(delivery_id=delivery_id, buyer_id=BUYER, attempts=1)]


async def test_a_process_that_is_killed_leaves_its_attempt_to_the_lease(around: Surroundings) -> None:
    await around.secrets.ensure(BUYER, datetime.now(UTC))
    gate = asyncio.Event()
    async with receiving(awaiting(gate)) as [receiver], around.process() as running:
        delivery_id = await said_ending(around, receiver.url)
        await happens(lambda: receiver.at_once == 1)
        await running.kill()
        gate.set()
        killed = await around.record(delivery_id)
        assert killed is not None and killed.next_attempt_at is not None
        assert (killed.state, killed.attempts) == (DeliveryState.PENDING, 0)
        assert killed.next_attempt_at - killed.created_at < timedelta(seconds=70)
        # The rest of the lease is not waited for here: it is brought forward as time would bring it.
        await around.database["deliveries"].update_one(
            {"_id": delivery_id}, {"$set": {"next_attempt_at": killed.created_at}}
        )
        async with around.process():
            await eventually(lambda: _succeeded(around, delivery_id))
    assert len({arrived.message_id for arrived in receiver.arrived}) == 1
    assert len(receiver.arrived) == 2


async def _succeeded(around: Surroundings, delivery_id: str) -> bool:
    record = await around.record(delivery_id)
    return record is not None and record.state is DeliveryState.SUCCEEDED
