"""A database that is away for a moment: whether a job is stored is then not known, and is said to be so."""

from __future__ import annotations

import pytest
from pymongo.uri_parser import parse_uri

from services.api.adapters.mongo_jobs import MongoJobs
from services.api.ports import Unconfirmed
from shared.storage.mongo import open_database
from tests.contract.services.router.test_attempts_outage import Line
from tests.unit.services.api.samples import AT, job, letter


@pytest.fixture
def line(mongo_url: str) -> Line:
    host, port = parse_uri(mongo_url)["nodelist"][0]
    return Line(host, port)


async def test_neither_storing_nor_giving_up_pretends_to_know(line: Line, database_name: str) -> None:
    async with line.listening():
        options = "directConnection=true&heartbeatFrequencyMS=500&serverSelectionTimeoutMS=1000"
        async with open_database(f"mongodb://127.0.0.1:{line.port}/?{options}", database_name) as database:
            jobs, made = MongoJobs(database["jobs"]), job()
            line.fail()
            with pytest.raises(Unconfirmed):
                await jobs.insert(made, letter())
            with pytest.raises(Unconfirmed):
                await jobs.void(made.id, AT)
            line.mend()
            assert await jobs.void(made.id, AT) is None
