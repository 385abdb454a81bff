"""A database that is away for a moment must lose neither the id of an accepted job nor a provider's refusal."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
from pymongo.uri_parser import parse_uri

from services.router.adapters.mongo_attempts import MongoAttempts
from services.router.domain.closing import Closing
from services.router.ports import Saved
from shared.contracts.records.attempt import AttemptState
from shared.storage.mongo import Database, open_database
from tests.contract.messaging.tcp_proxy import TcpProxy
from tests.kit.clocks import StoppedClock
from tests.unit.services.router.market import AT, attempt

REFUSED = Closing(AttemptState.REFUSED, "backoff", "full")
FAULTY = Closing(AttemptState.FAULTY, "content_policy", "no")


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


async def nothing() -> None:
    """Nobody else does anything."""


class ClockThatMends(StoppedClock):
    """Whoever waits finds the line mended."""

    def __init__(self, line: Line) -> None:
        super().__init__(AT)
        self._line = line
        self.waits = 0
        self.meanwhile: Callable[[], Awaitable[object]] = nothing

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        self.waits += 1
        if self.waits == 1:
            await self.meanwhile()
        self._line.mend()


@pytest.fixture
def line(mongo_url: str) -> Line:
    host, port = parse_uri(mongo_url)["nodelist"][0]
    return Line(host, port)


@asynccontextmanager
async def behind(line: Line, database_name: str) -> AsyncIterator[Database]:
    """The database at the end of the line."""
    async with line.listening():
        url = f"mongodb://127.0.0.1:{line.port}/?directConnection=true&heartbeatFrequencyMS=500"
        async with open_database(url, database_name) as database:
            yield database


async def test_the_id_is_stored_when_the_database_is_back(line: Line, database_name: str) -> None:
    async with behind(line, database_name) as database:
        clock = ClockThatMends(line)
        attempts = MongoAttempts(database, clock)
        made = await attempts.intend(attempt())
        assert made is not None
        line.fail()
        assert await attempts.submitted(made, "theirs", AT) is Saved.STORED
        assert clock.waits >= 1
        (stored,) = await attempts.of_job("job")
        assert stored.provider_job_id == "theirs"


async def test_a_refusal_is_stored_when_the_database_is_back(line: Line, database_name: str) -> None:
    async with behind(line, database_name) as database:
        clock = ClockThatMends(line)
        attempts = MongoAttempts(database, clock)
        made = await attempts.intend(attempt())
        assert made is not None
        line.fail()
        assert await attempts.close(made, REFUSED)
        assert clock.waits >= 1
        (stored,) = await attempts.of_job("job")
        assert (stored.state, stored.code) == (AttemptState.REFUSED, "backoff")


@pytest.mark.parametrize("closing", [REFUSED, FAULTY], ids=["by the same write", "by somebody else"])
async def test_a_refusal_whose_answer_was_lost_is_known_by_what_is_stored(
    line: Line, database_name: str, mongo_url: str, closing: Closing
) -> None:
    async with behind(line, database_name) as database, open_database(mongo_url, database_name) as another:
        clock = ClockThatMends(line)
        made = await MongoAttempts(another, clock).intend(attempt())
        assert made is not None
        clock.meanwhile = partial(MongoAttempts(another, clock).close, made, closing)
        await database.command("ping")
        line.fail()
        assert await MongoAttempts(database, clock).close(made, REFUSED) is (closing is REFUSED)
