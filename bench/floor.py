"""The floor: what a mix of commands, publishes and stored bytes costs with nothing of ours around it.

The same servers, drivers without our layers, the same guarantees: writes acknowledged by a majority and
journaled, reads at majority, persistent publishes with confirms to quorum queues, every delivery
acknowledged.  One process does it all, where the market takes five.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, AbstractQueue
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench.broker import open_channel
from bench.loads import done_at_once
from bench.mix import Mix, hearers
from bench.processes import Stopwatch
from bench.stage import Scene
from shared.kernel.ids import new_id
from shared.storage.objects import Objects, open_objects

EXCHANGE: Final = "bench.floor"
MESSAGE: Final = bytes(900)
PREFETCH: Final = 50
SERVERS: Final = ("mongod", "rabbitmq", "s3")


@dataclass(frozen=True, slots=True)
class Round:
    """What a number of jobs took: seconds by the clock, and processor seconds of servers and of clients."""

    jobs: int
    seconds: float
    servers: float
    clients: float

    @property
    def processor(self) -> float:
        """Processor seconds a job."""
        return (self.servers + self.clients) / self.jobs

    @property
    def pace(self) -> float:
        """Jobs a second."""
        return self.jobs / self.seconds


class Floor:
    """Does one mix again and again."""

    def __init__(
        self,
        scene: Scene,
        mix: Mix,
        database: AsyncDatabase[dict[str, Any]],
        exchange: AbstractExchange,
        store: Objects,
    ) -> None:
        self._servers = {name: scene.pids[name] for name in SERVERS}
        self._mix = mix
        self._database = database
        self._exchange = exchange
        self._store = store
        self._delivered = 0
        self._news = asyncio.Event()

    async def round(self, jobs: int, at_once: int) -> Round:
        """Do the mix for so many jobs; returns when everything is stored, confirmed and acknowledged."""
        wanted = self._delivered + jobs * self._mix.delivered
        watch, ours, began = Stopwatch(self._servers), time.process_time(), time.monotonic()
        await done_at_once(jobs, at_once, self._job)
        while self._delivered < wanted:
            self._news.clear()
            await self._news.wait()
        seconds = time.monotonic() - began
        return Round(jobs, seconds, watch.total(SERVERS), time.process_time() - ours)

    async def heard(self, message: AbstractIncomingMessage) -> None:
        """Acknowledge what a queue delivered."""
        await message.ack()
        self._delivered += 1
        self._news.set()

    async def _job(self, _: int) -> None:
        job = new_id()
        ordered = sorted(self._mix.commands.items(), key=lambda item: item[0][0] != "insert")
        for (verb, collection), count in ordered:
            for number in range(count):
                await self._command(verb, collection, job, number)
        for routing_key, count in self._mix.publishes.items():
            for _ in range(count):
                await self._publish(routing_key)
        if self._mix.body_bytes:
            body = bytes(self._mix.body_bytes)
            await self._store.client.put_object(Bucket=self._store.bucket, Key=f"floor/{job}", Body=body)

    async def _command(self, verb: str, name: str, job: str, number: int) -> None:
        collection = self._database[name]
        ours = {"_id": "shared" if name in self._mix.shared else job}
        change = {"$set": {"number": number}}
        match verb:
            case "insert":
                fresh = {"_id": job if number == 0 else f"{job}:{number}"}
                await collection.insert_one({**fresh, "body": bytes(self._mix.document_bytes.get(name, 0))})
            case "find":
                await collection.find_one(ours)
            case "update":
                await collection.update_one(ours, change, upsert=True)
            case "findAndModify":
                await collection.find_one_and_update(ours, change, upsert=True)
            case "delete":
                await collection.delete_one({"_id": f"{job}:gone"})

    async def _publish(self, routing_key: str) -> None:
        message = aio_pika.Message(MESSAGE, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=new_id())
        await self._exchange.publish(message, routing_key, mandatory=bool(hearers(routing_key)))


@asynccontextmanager
async def open_floor(scene: Scene, mix: Mix) -> AsyncIterator[Floor]:
    """Connect, with collections, queues and bindings as the mix needs them; the queues go at the end."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](scene.addresses.mongo_url))
        database = client.get_database(
            f"{scene.addresses.mongo_database}_floor",
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority", j=True),
        )
        saying = await stack.enter_async_context(open_channel(scene.addresses.amqp_url))
        exchange = await saying.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, auto_delete=True)
        store = await stack.enter_async_context(open_objects(scene.store))
        floor = Floor(scene, mix, database, exchange, store)
        hearing = await stack.enter_async_context(open_channel(scene.addresses.amqp_url))
        await hearing.set_qos(PREFETCH)
        consumed = await _consumed(hearing, mix, floor)
        yield floor
        for queue, tag in consumed.items():
            await queue.cancel(tag)
            await queue.delete(if_unused=False, if_empty=False)


async def _consumed(channel: AbstractChannel, mix: Mix, floor: Floor) -> dict[AbstractQueue, str]:
    """A queue for each hearer, and the tag under which it is consumed."""
    consumed: dict[AbstractQueue, str] = {}
    for name in sorted({hearer for key in mix.publishes for hearer in hearers(key)}):
        own = name.startswith("each.")
        queue = await channel.declare_queue(
            f"{EXCHANGE}.{name}",
            durable=not own,
            exclusive=own,
            arguments={} if own else {"x-queue-type": "quorum", "x-overflow": "reject-publish"},
        )
        for key in mix.publishes:
            if name in hearers(key):
                await queue.bind(EXCHANGE, key)
        consumed[queue] = await queue.consume(floor.heard)
    return consumed
