"""What every kind of test servers offers."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Bucket:
    """A bucket of a real S3 server, and the keys that open it."""

    endpoint: str
    name: str
    access_key: str
    secret_key: str
    region: str


class Servers(Protocol):
    """Three servers on loopback, each started when it is first asked for and ready when it is returned."""

    def rabbitmq(self) -> str:
        """Return the broker's URL."""
        ...

    def mongo(self) -> str:
        """Return the URL of a replica set of one."""
        ...

    def object_store(self) -> Bucket: ...

    def stop(self) -> None:
        """End every server that was started, and lose its data."""
        ...
