"""A database that is away for a moment must not lose the id of a job that a provider has accepted."""

import pytest
from pymongo.uri_parser import parse_uri

from services.router.adapters.mongo_attempts import MongoAttempts
from services.router.ports import Saved
from shared.storage.mongo import open_database
from tests.contract.messaging.tcp_proxy import TcpProxy
from tests.unit.services.router.market import AT, attempt
from tests.unit.shared.providers.stopped_clock import StoppedClock


class Line(TcpProxy):
    """A line to the database that leads nowhere while it is ``down``."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self._up = (host, port)

    def fail(self) -> None:
        self._target = ("127.0.0.1", 9)
        self.cut()

    def mend(self) -> None:
        self._target = self._up


class ClockThatMends(StoppedClock):
    """Whoever waits finds the line mended."""

    def __init__(self, line: Line) -> None:
        super().__init__(AT.timestamp())
        self._line = line
        self.waits = 0

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        self.waits += 1
        self._line.mend()


@pytest.fixture
def line(mongo_url: str) -> Line:
    host, port = parse_uri(mongo_url)["nodelist"][0]
    return Line(host, port)


async def test_the_id_is_stored_when_the_database_is_back(line: Line, database_name: str) -> None:
    async with line.listening():
        url = f"mongodb://127.0.0.1:{line.port}/?directConnection=true&heartbeatFrequencyMS=500"
        async with open_database(url, database_name) as database:
            clock = ClockThatMends(line)
            attempts = MongoAttempts(database, clock)
            made = await attempts.intend(attempt())
            assert made is not None
            line.fail()
            assert await attempts.submitted(made, "theirs", AT) is Saved.STORED
            assert clock.waits >= 1
            (stored,) = await attempts.of_job("job")
            assert stored.provider_job_id == "theirs"
