"""The tests' servers as containers of a Docker engine on this machine."""

from collections.abc import Callable
from typing import Any

from testcontainers.core.container import DockerContainer

from deploy.local.object_store import key_pair
from deploy.local.ports import LOOPBACK, accepts, free_port
from deploy.local.rabbitmq import offers_login
from deploy.local.stopping import happens
from deploy.provision.bucket import REGION, made_bucket
from deploy.provision.replica_set import REPLICA_SET, made_primary
from tests.servers.servers import Bucket

RABBITMQ_IMAGE = "rabbitmq:4-management"
MONGO_IMAGE = "mongo:7"
OBJECT_STORE_IMAGE = "rclone/rclone:1"
READY_WITHIN_SECONDS = 90.0
FORGETFUL = "file_manager=(close_handle_minimum=100,close_idle_time=10,close_scan_interval=5)"
"""Each test has a database of its own, whose files mongod would keep open for ten minutes: more than many
containers may have open at once, and it dies of that.
"""


class ContainerServers:
    """See ``Servers``."""

    def __init__(self) -> None:
        self._started: list[DockerContainer] = []

    def rabbitmq(self) -> str:
        port = free_port()
        self._run(DockerContainer(RABBITMQ_IMAGE), 5672, port, lambda: offers_login(port))
        return f"amqp://guest:guest@{LOOPBACK}:{port}/"

    def mongo(self) -> str:
        # The same port inside and outside: a set tells its clients the address by which it knows itself.
        port = free_port()
        mongo = DockerContainer(MONGO_IMAGE).with_command(
            ["--replSet", REPLICA_SET, "--port", str(port), "--wiredTigerEngineConfigString", FORGETFUL]
        )
        self._run(mongo, port, port, lambda: made_primary(f"{LOOPBACK}:{port}"))
        return f"mongodb://{LOOPBACK}:{port}/?replicaSet={REPLICA_SET}"

    def object_store(self) -> Bucket:
        port = free_port()
        bucket = Bucket(f"http://{LOOPBACK}:{port}", "tests", "testsaccess", "testssecret", REGION)
        rclone = DockerContainer(OBJECT_STORE_IMAGE).with_command(["serve", "s3", "/data", "--addr", ":8080"])
        rclone.with_envs(**key_pair(bucket.access_key, bucket.secret_key))

        def ready() -> bool:
            return made_bucket(bucket.endpoint, bucket.name, bucket.access_key, bucket.secret_key)

        self._run(rclone, 8080, port, ready)
        return bucket

    def stop(self) -> None:
        for container in reversed(self._started):
            container.stop()

    def _run(self, container: DockerContainer, inside: int, port: int, ready: Callable[[], bool]) -> None:
        published: dict[str, Any] = container.ports
        published[str(inside)] = (LOOPBACK, port)
        self._started.append(container)
        container.start()
        if not happens(lambda: accepts(port) and ready(), within=READY_WITHIN_SECONDS):
            logs = b"".join(container.get_logs()).decode(errors="replace")
            raise TimeoutError(f"{container.image} was not ready in {READY_WITHIN_SECONDS:.0f} s:\n{logs[-3000:]}")
