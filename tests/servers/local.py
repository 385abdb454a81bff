"""The tests' servers as processes of this machine, which die with the test run."""

from pathlib import Path
from typing import TypeVar

from deploy.local.mongod import Mongod
from deploy.local.object_store import ObjectStore
from deploy.local.part import Part, await_ready, start, stop
from deploy.local.ports import free_port
from deploy.local.rabbitmq import RabbitMQ, RabbitMQPorts
from deploy.local.state import StateFolder
from deploy.provision.bucket import REGION
from tests.servers.servers import Bucket

AnyPart = TypeVar("AnyPart", bound=Part)


class LocalServers:
    """See ``Servers``."""

    def __init__(self, scratch: Path) -> None:
        self._folder = StateFolder(scratch, lasting=False)
        self._started: list[Part] = []

    def rabbitmq(self) -> str:
        ports = RabbitMQPorts(amqp=free_port(), nodes=free_port(), names=free_port())
        return self._ready(RabbitMQ(self._folder, ports, user="tests", password="tests")).url

    def mongo(self) -> str:
        return self._ready(Mongod(self._folder, free_port())).url

    def object_store(self) -> Bucket:
        store = self._ready(ObjectStore(self._folder, free_port(), "tests", "testsaccess", "testssecret"))
        return Bucket(store.endpoint, store.bucket, store.access_key, store.secret_key, REGION)

    def stop(self) -> None:
        for part in reversed(self._started):
            stop(part)

    def _ready(self, part: AnyPart) -> AnyPart:
        self._started.append(part)
        start(part)
        await_ready([part])
        return part
