"""What webhooks reads of others is what its owner, api, really writes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.api.adapters.mongo_jobs import MongoJobs as JobsOfApi
from services.api.adapters.mongo_webhook_secrets import MongoWebhookSecrets as SecretsOfApi
from services.webhooks.adapters.mongo_jobs import MongoJobs
from services.webhooks.adapters.sealed_secrets import SealedSecrets
from shared.contracts.records import job as job_record
from shared.contracts.records import webhook_secret
from shared.contracts.records.job import JobStatus, SettlementStatus
from shared.storage.mongo import Database, open_database
from shared.vault.keys import VaultKey
from shared.vault.vault import Vault
from tests.contract.services.webhooks.api_writes import ended
from tests.kit.clocks import StoppedClock
from tests.unit.services.webhooks.samples import AT, BUYER

KEYS = [VaultKey("new", b"n" * 32), VaultKey("old", b"o" * 32)]


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    async with open_database(mongo_url, database_name) as opened:
        yield opened


@pytest.fixture
async def written(database: Database) -> JobsOfApi:
    jobs = JobsOfApi(database[job_record.COLLECTION])
    await jobs.ensure_indexes()
    return jobs


@pytest.fixture
def jobs(database: Database) -> MongoJobs:
    return MongoJobs(database[job_record.COLLECTION])


async def test_a_job_is_read_as_it_ended(written: JobsOfApi, jobs: MongoJobs) -> None:
    job_id = await ended(written)
    found = await jobs.find(job_id)
    assert found is not None
    assert (found.status, found.ended_at, found.settlement_status) == (
        JobStatus.SUCCEEDED,
        AT,
        SettlementStatus.CONFIRMED,
    )
    assert len(found.results) == 1


async def test_neither_nothing_nor_a_void_id_is_a_job(written: JobsOfApi, jobs: MongoJobs) -> None:
    await written.void("void", AT)
    assert await jobs.find("void") is None
    assert await jobs.find("nothing") is None


async def test_jobs_that_ended_in_a_span_come_oldest_first(written: JobsOfApi, jobs: MongoJobs) -> None:
    minute = timedelta(minutes=1)
    last = await ended(written, at=3 * minute)
    first = await ended(written, settled=False)
    await ended(written, at=-minute)
    await ended(written, at=4 * minute)
    await ended(written, at=minute, webhook_url=None)
    await written.void("void", AT)
    found = [each async for each in jobs.ended(AT, before=AT + 4 * minute)]
    assert [each.id for each in found] == [first, last]
    assert found[0].settlement_status is SettlementStatus.PENDING


async def test_looking_for_what_ended_reads_no_more_than_that(written: JobsOfApi, database: Database) -> None:
    for minutes in range(20):
        await ended(written, at=timedelta(minutes=minutes))
    await written.void("void", AT)
    query = {"ended_at": {"$gte": AT, "$lt": AT + timedelta(minutes=2)}, "webhook_url": {"$type": "string"}}
    find = {"find": job_record.COLLECTION, "filter": query, "sort": {"ended_at": 1}}
    told = await database.command("explain", find, verbosity="executionStats")
    assert told["executionStats"]["totalDocsExamined"] <= 3


async def rotated(database: Database) -> tuple[SecretsOfApi, SealedSecrets, StoppedClock]:
    collection, clock = database[webhook_secret.COLLECTION], StoppedClock(AT)
    return (
        SecretsOfApi(collection, Vault(KEYS[1:]), os.urandom),
        SealedSecrets(collection, Vault(KEYS), clock),
        clock,
    )


async def test_a_rotated_secret_signs_along_until_its_time_is_over(database: Database) -> None:
    made, read, clock = await rotated(database)
    first = await made.rotate(BUYER, clock.now(), timedelta(hours=24))
    assert await read.current(BUYER) == [first]
    second = await made.rotate(BUYER, clock.now(), timedelta(hours=24))
    assert await read.current(BUYER) == [second, first]
    clock.move(timedelta(hours=24))
    assert await read.current(BUYER) == [second]


async def test_a_buyer_without_a_secret_has_none(database: Database) -> None:
    _, read, _ = await rotated(database)
    assert await read.current(BUYER) == []


async def test_a_secret_that_cannot_be_opened_does_not_keep_the_others_from_signing(database: Database) -> None:
    made, _, clock = await rotated(database)
    await made.rotate(BUYER, clock.now(), timedelta(hours=24))
    other = SecretsOfApi(database[webhook_secret.COLLECTION], Vault(KEYS[:1]), os.urandom)
    newest = await other.rotate(BUYER, clock.now(), timedelta(hours=24))
    read = SealedSecrets(database[webhook_secret.COLLECTION], Vault(KEYS[:1]), clock)
    assert await read.current(BUYER) == [newest]
