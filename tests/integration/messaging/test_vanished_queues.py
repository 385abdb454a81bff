"""A broker whose queues somebody deleted, and a consumer that the broker knows nothing of."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.messaging.consumer import Consumer
from shared.messaging.handled import Outcome
from shared.messaging.rabbit import RabbitBus
from shared.messaging.rabbit.connection import closed, connect
from shared.messaging.rabbit.publisher import RabbitPublisher
from shared.messaging.rabbit.subscription import Subscription
from shared.messaging.rabbit.watchdog import Watchdog
from shared.messaging.topology import Broadcast, Exchange, Queue
from tests.contract.messaging.handlers import Gate, Listener, fact
from tests.contract.messaging.observed import Observed
from tests.kit.waiting import eventually, happens

pytestmark = pytest.mark.servers

BACK_WITHIN_SECONDS = 30.0


@pytest.fixture
def exchange(namespace: str) -> Exchange:
    return Exchange(f"{namespace}.events")


@pytest.fixture
async def channel(rabbitmq_url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(rabbitmq_url) as connection:
        yield await connection.channel()


@pytest.fixture
async def queue(channel: AbstractChannel, exchange: Exchange, namespace: str) -> AsyncIterator[Queue]:
    queue = Queue(f"{namespace}.asked", ("asked",), ladder=(timedelta(seconds=1),), short_ladder=())
    yield queue
    await delete(channel, queue)
    await channel.exchange_delete(exchange.name)


@pytest.fixture
async def bus(rabbitmq_url: str, exchange: Exchange, observed: Observed) -> AsyncIterator[RabbitBus]:
    bus = RabbitBus(rabbitmq_url, exchange, name="vanishing", observer=observed)
    yield bus
    await bus.stop(timedelta(0))


async def delete(channel: AbstractChannel, queue: Queue) -> None:
    for declaration in queue.declarations():
        await channel.queue_delete(declaration.name)


async def exists(rabbitmq_url: str, name: str) -> bool:
    async with await aio_pika.connect(rabbitmq_url) as connection:
        channel = await connection.channel()
        try:
            await channel.get_queue(name, ensure=True)
        except ChannelNotFoundEntity:
            return False
        return True


async def test_deleted_queues_come_back_and_are_consumed_within_30_seconds(
    rabbitmq_url: str, bus: RabbitBus, queue: Queue, channel: AbstractChannel, observed: Observed
) -> None:
    gate = Gate()
    bus.subscribe(queue, gate)
    await bus.start()
    await bus.publisher.publish(fact("asked", "before"))
    await gate.entered.some()
    await delete(channel, queue)

    async def all_back() -> bool:
        return all([await exists(rabbitmq_url, declaration.name) for declaration in queue.declarations()])

    await eventually(all_back, within=BACK_WITHIN_SECONDS, every=0.2)
    await happens(lambda: bus.healthy, within=15)
    await bus.publisher.publish(fact("asked", "after"))
    await gate.entered.some(2)
    gate.open()
    await observed.count(Outcome.DONE, 2)


async def test_a_deleted_exchange_comes_back_with_every_binding(
    bus: RabbitBus, queue: Queue, exchange: Exchange, channel: AbstractChannel
) -> None:
    shared, each = Listener(), Listener()
    bus.subscribe(queue, shared)
    bus.subscribe(Broadcast(("asked",)), each)
    await bus.start()
    await channel.exchange_delete(exchange.name)

    async def both_hear() -> bool:
        await asyncio.gather(bus.publisher.publish(fact("asked")), return_exceptions=True)
        return bool(shared.heard and each.heard)

    await eventually(both_hear, within=BACK_WITHIN_SECONDS, every=0.2)


async def test_a_consumer_that_is_missing_at_the_broker_costs_the_connection(
    rabbitmq_url: str, exchange: Exchange, queue: Queue, observed: Observed
) -> None:
    connection = await connect(rabbitmq_url, "watched")
    consumer = Consumer(
        queue,
        Listener(),
        publisher=RabbitPublisher(exchange),
        observer=observed,
        deadline=None,
        on_bound=None,
    )
    over = asyncio.Event()
    deaf = Subscription(connection, exchange, consumer)  # never run, so it never consumes
    watchdog = Watchdog(connection, [deaf], look_every=0.1, short_for=0.5)
    watching = asyncio.create_task(watchdog.watch(over))
    await happens(over.is_set, within=15)
    await watching
    assert not watchdog.healthy
    await closed(connection)
