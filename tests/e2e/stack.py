"""A whole stack of the tests' own: five services and the simulator, on servers that run already."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import aio_pika

from deploy.local.addresses import Addresses
from deploy.local.down import down
from deploy.local.ports import REMEMBERED, is_free
from deploy.local.record import Record, read_records
from deploy.local.services import SERVICES
from deploy.local.state import StateFolder
from deploy.local.up import up
from shared.contracts.addressed import queue_name
from shared.contracts.facts import EXCHANGE
from shared.messaging.topology import Queue
from tests.kit.waiting import happens
from tests.servers.servers import Bucket

# A child with a parent-death signal dies when the thread that started it ends: this one never does.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


class Stack:
    """The processes of one stack, to be found, hurt and started again; ``at`` is what ``stack.env`` says."""

    def __init__(self, folder: StateFolder, environment: Mapping[str, str], servers: Addresses) -> None:
        self._folder = folder
        self._environment = environment
        self._servers = servers
        self.at: dict[str, str] = {}

    async def up(self) -> None:
        """Start whatever does not run, and return when all of it can be used."""
        loop = asyncio.get_running_loop()
        path = await loop.run_in_executor(
            _STARTER, lambda: up(self._folder, self._environment, lambda line: None, given=self._servers)
        )
        self.at = dict(line.split("=", 1) for line in path.read_text().splitlines())

    async def down(self) -> None:
        """Stop all of it and take its queues off the broker, for the next stack to find a clean one."""
        await asyncio.get_running_loop().run_in_executor(_STARTER, lambda: down(self._folder, lambda line: None))
        await forget_queues(self._servers.amqp_url)

    def processes(self, service: str) -> list[Record]:
        """Every replica of a service that was started, dead or alive."""
        records = read_records(self._folder.records)
        return [record for record in records if record.name.rpartition("-")[0] == service or record.name == service]

    async def kill(self, service: str) -> None:
        """End every replica of a service without a word, as a power cut does."""
        replicas = self.processes(service)
        for replica in replicas:
            replica.send(signal.SIGKILL)
        await self._gone(replicas, within=10)

    async def stop(self, service: str, *, within: float) -> None:
        """Ask every replica of a service to go, and wait until it has."""
        replicas = self.processes(service)
        for replica in replicas:
            replica.send(signal.SIGTERM)
        await self._gone(replicas, within=within)

    async def _gone(self, replicas: list[Record], *, within: float) -> None:
        """Wait until they are dead and have let go of their ports, which the last of their threads does a bit later."""
        names = {replica.name for replica in replicas}
        known: dict[str, int] = self._folder.read(REMEMBERED)
        ports = [port for name, port in known.items() if name.removesuffix("-admin") in names]
        await happens(lambda: not any(replica.alive for replica in replicas), within=within)
        await happens(lambda: all(is_free(port) for port in ports), within=10)

    @asynccontextmanager
    async def frozen(self, service: str) -> AsyncIterator[None]:
        """Every replica of a service stands still: it is there, and does nothing."""
        replicas = self.processes(service)
        for replica in replicas:
            replica.send(signal.SIGSTOP)
        try:
            yield
        finally:
            for replica in replicas:
                replica.send(signal.SIGCONT)

    def logs(self) -> dict[str, str]:
        """Everything that each process has written, by its name."""
        return {path.stem: path.read_text(errors="replace") for path in sorted(self._folder.logs.glob("*.log"))}


def on_servers(amqp_url: str, mongo_url: str, database: str, bucket: Bucket) -> Addresses:
    """The addresses of the session's servers, as a stack is given them."""
    return Addresses(
        amqp_url=amqp_url,
        mongo_url=mongo_url,
        mongo_database=database,
        s3_endpoint_url=bucket.endpoint,
        s3_bucket=bucket.name,
        s3_region=bucket.region,
        aws_access_key_id=bucket.access_key,
        aws_secret_access_key=bucket.secret_key,
    )


@asynccontextmanager
async def running(scratch: Path, servers: Addresses, environment: Mapping[str, str]) -> AsyncIterator[Stack]:
    """A stack that is up; its processes die with the test run even when that is killed."""
    stack = Stack(StateFolder(scratch, lasting=False), environment, servers)
    try:
        await stack.up()
        yield stack
    finally:
        await stack.down()


async def forget_queues(amqp_url: str) -> None:
    """Delete every durable queue and the exchange of the five services, with whatever is in them."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        for service in SERVICES:
            for declared in Queue(queue_name(service), keys=()).declarations():
                await channel.queue_delete(declared.name)
        await channel.exchange_delete(EXCHANGE)
