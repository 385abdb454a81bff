"""Fixtures for every test: the real servers, started only for the tests that ask, and names of one's own on them."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from xdist.scheduler import LoadScopeScheduling

from tests.servers.choice import chosen_servers
from tests.servers.servers import Bucket, Servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The kind of servers that ``tests.servers.choice`` chose; none runs yet."""
    chosen = chosen_servers(tmp_path_factory.mktemp("servers"))
    try:
        yield chosen
    finally:
        chosen.stop()


@pytest.fixture(scope="session")
def rabbitmq_url(servers: Servers) -> str:
    return servers.rabbitmq()


@pytest.fixture(scope="session")
def mongo_url(servers: Servers) -> str:
    """A database that lets nothing expire by itself: to its clock, what a stopped clock dates is long over."""
    url = servers.mongo()
    client: MongoClient[dict[str, Any]]
    with MongoClient(url) as client:
        client.admin.command("setParameter", 1, ttlMonitorEnabled=False)
    return url


@pytest.fixture(scope="session")
def object_store(servers: Servers) -> Bucket:
    return servers.object_store()


@pytest.fixture
def namespace() -> str:
    """A word that no other test uses, to begin the names of queues and exchanges with."""
    return f"t{uuid4().hex[:12]}"


@pytest.fixture
def database_name(mongo_url: str, namespace: str) -> Iterator[str]:
    """A database of this test's own, dropped when the test is over."""
    yield namespace
    client: MongoClient[dict[str, Any]]
    with MongoClient(mongo_url) as client:
        client.drop_database(namespace)


@pytest.fixture
def key_prefix(namespace: str) -> str:
    """A folder of this test's own in the bucket."""
    return f"{namespace}/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs real servers, so that ``-m 'not servers'`` leaves it out."""
    for item in items:
        if "servers" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.servers)


class ByStack(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps together what shares processes that take long to start: a folder of whole runs, else a file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        kind = file.split("/")[1]
        return file.rpartition("/")[0] if kind in {"chaos", "e2e", "integration"} else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """How several processes share the tests, each with servers of its own."""
    return ByStack(config, log)
