"""What sweeps and requests ask often is answered from an index, however much is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.api.adapters.mongo_accounts import MongoAccounts
from services.api.adapters.mongo_activity import MongoActivity, summed
from services.api.adapters.mongo_api_keys import MongoApiKeys
from services.api.adapters.mongo_jobs import UNSETTLED, MongoJobs
from services.api.adapters.mongo_ledger import MongoLedger
from services.api.adapters.mongo_offers import MongoOffers
from services.api.adapters.mongo_outbox import NOT_EMPTY, UNSAID
from shared.contracts.records.job import SettlementStatus
from shared.storage.mongo import Database, open_database
from tests.unit.services.api.samples import AT, delivered, job, letter

SINCE = {"$lt": AT - timedelta(days=1)}

ASKED: dict[str, tuple[str, dict[str, Any], dict[str, int]]] = {
    "unsent letters": ("jobs", NOT_EMPTY | {"outbox.at": SINCE}, {"outbox.at": 1}),
    "the last jobs that were sold": ("jobs", {"settlement_status": "confirmed"}, {"ended_at": -1}),
    "the backlog": ("jobs", UNSAID, {}),
    "the oldest job": ("jobs", {"status": {"$in": ["queued", "running"]}}, {"expires_at": 1}),
    "unsettled jobs": ("jobs", UNSETTLED | {"ended_at": {"$exists": True, **SINCE}}, {"ended_at": 1}),
    "unsettled jobs of a buyer": ("jobs", {"buyer_id": "b"} | UNSETTLED, {}),
    "overdue jobs": ("jobs", {"status": {"$in": ["queued", "running"]}, "expires_at": SINCE}, {"expires_at": 1}),
    "a page of jobs": ("jobs", {"buyer_id": "b", "created_at": SINCE}, {"created_at": -1, "_id": -1}),
    "accounts with holds": ("accounts", {"in_flight": {"$gt": 0}}, {}),
    "a key": ("api_keys", {"digest": "d"}, {}),
    "keys of an account": ("api_keys", {"account_id": "a", "revoked_at": None}, {"created_at": -1}),
    "a page of a buyer's ledger": ("ledger", {"buyer_id": "b"}, {"created_at": -1, "_id": -1}),
    "a page of a seller's ledger": ("ledger", {"seller_id": "s"}, {"created_at": -1, "_id": -1}),
    "open credits": ("ledger", {"open": True, "created_at": SINCE}, {}),
    "offers of a seller": ("offers", {"seller_id": "s", "status": {"$ne": "withdrawn"}}, {"created_at": -1}),
    "unsent letters of offers": ("offers", NOT_EMPTY | {"outbox.at": SINCE}, {"outbox.at": 1}),
}


@pytest.fixture
async def indexed(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    async with open_database(mongo_url, database_name) as database:
        for store in (
            MongoJobs(database["jobs"]),
            MongoAccounts(database["accounts"]),
            MongoApiKeys(database["api_keys"]),
            MongoLedger(database["ledger"]),
            MongoOffers(database["offers"]),
        ):
            await store.ensure_indexes()
            await store.ensure_indexes()
        yield database


async def test_nothing_that_is_asked_often_reads_a_whole_collection(indexed: Database) -> None:
    plans = {name: await plan(indexed, *asked) for name, asked in ASKED.items()}
    assert {name: stages for name, stages in plans.items() if "IXSCAN" not in stages} == {}


async def test_a_days_volume_is_summed_without_reading_a_job(indexed: Database) -> None:
    activity = MongoActivity(indexed["jobs"])
    for cost in (5, 7):
        sold = job()
        await MongoJobs(indexed["jobs"]).insert(sold, letter())
        await MongoJobs(indexed["jobs"]).end(sold.id, delivered(cost=cost))
        await MongoJobs(indexed["jobs"]).confirm(sold.id, SettlementStatus.CONFIRMED, letter())
    since = AT - timedelta(days=1)
    assert {volume.jobs for volume in (await activity.volumes(since)).values()} == {2}
    command = {"aggregate": "jobs", "pipeline": summed(since), "cursor": {}}
    explained = await indexed.command({"explain": command, "verbosity": "executionStats"})
    figures = explained.get("executionStats") or explained["stages"][0]["$cursor"]["executionStats"]
    assert (figures["totalKeysExamined"], figures["totalDocsExamined"]) == (2, 0)


async def plan(database: Database, collection: str, query: dict[str, Any], order: dict[str, int]) -> list[str]:
    command = {"explain": {"find": collection, "filter": query, "sort": order}, "verbosity": "queryPlanner"}
    explained: dict[str, Any] = await database.command(command)
    return list(stages_of(explained["queryPlanner"]["winningPlan"]))


def stages_of(stage: dict[str, Any]) -> Iterator[str]:
    yield stage["stage"]
    for inner in (stage.get("inputStage"), *stage.get("inputStages", ())):
        if inner is not None:
            yield from stages_of(inner)
