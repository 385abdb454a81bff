"""The database's own clock, asked through each of the two drivers."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from urllib.parse import urlsplit

import pytest

from shared.storage.mongo import Driver, open_database, server_time
from tests.contract.messaging.tcp_proxy import TcpProxy
from tests.kit.waiting import eventually

WITHIN = timedelta(seconds=10)
SOON = timedelta(milliseconds=200)


@pytest.fixture(params=get_args(Driver))
def driver(request: pytest.FixtureRequest) -> Driver:
    chosen: Driver = request.param
    return chosen


async def test_the_primary_tells_its_time(mongo_url: str, database_name: str, driver: Driver) -> None:
    async with open_database(mongo_url, database_name, driver) as database:
        asked_at = datetime.now(UTC)
        there = await server_time(database, WITHIN)
    assert there is not None
    assert asked_at - timedelta(milliseconds=1) <= there <= datetime.now(UTC)


async def test_a_database_that_went_away_tells_none_and_one_that_is_back_does(
    mongo_url: str, database_name: str, driver: Driver
) -> None:
    mongo = urlsplit(mongo_url)
    assert mongo.hostname and mongo.port
    async with TcpProxy(mongo.hostname, mongo.port).listening() as wire:
        through = f"mongodb://127.0.0.1:{wire.port}/?directConnection=true"
        async with open_database(through, database_name, driver) as database:
            assert await server_time(database, WITHIN)
            wire.cut()
            await eventually(lambda: server_time(database, WITHIN))
    async with open_database(through, database_name, driver) as database:
        assert await server_time(database, SOON) is None
