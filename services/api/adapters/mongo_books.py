"""Accounts, ledger and jobs of MongoDB as they were at one instant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from services.api.adapters.account_documents import read_account, read_hold
from services.api.adapters.mongo_jobs import UNSETTLED
from services.api.adapters.mongo_ledger import read_entry
from services.api.domain.account import Hold
from services.api.domain.audit import AccountBook, Line, Transit, UnderWay
from services.api.domain.ledger import EntryKind, LedgerEntry, job_entry_id
from shared.contracts.records.job import COLLECTION, JobRecord, JobStatus, read_job
from shared.kernel.money import Money
from shared.storage.mongo import ASCENDING, Database, Session, aggregated, open_snapshot

BATCH: Final = 200
_OF_A_JOB: Final = (EntryKind.HOLD, EntryKind.CAPTURE, EntryKind.FEE, EntryKind.RELEASE)

_FIGURES: Final = ("role", "name", "limits", "created_at", "credited", "available", "held", "spent", "in_flight")
_HOLDS: Final = {"$map": {"input": {"$objectToArray": "$holds"}, "in": "$$this.v.amount"}}
_SHOWN: Final[dict[str, Any]] = dict.fromkeys(_FIGURES, 1) | {"listed": {"$sum": _HOLDS}}
"""The figures of an account, and its holds in one sum, however many they are."""


class MongoBooks:
    """See :class:`services.api.ports.Books`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[MongoSnapshot]:
        async with open_snapshot(self._database) as session:
            yield MongoSnapshot(self._database, session)


class MongoSnapshot:
    """See :class:`services.api.ports.Snapshot`."""

    def __init__(self, database: Database, session: Session) -> None:
        self._accounts = database["accounts"]
        self._ledger = database["ledger"]
        self._jobs = database[COLLECTION]
        self._session = session

    async def accounts(self) -> AsyncIterator[AccountBook]:
        last = ""
        while batch := await self._batch(last):
            for book in await self._books(batch):
                yield book
            last = batch[-1]["_id"]

    async def transit(self, account_id: str) -> Transit:
        account = await self._accounts.find_one({"_id": account_id}, {"holds": 1, "credits": 1}, session=self._session)
        assert account is not None
        holds = {job_id: read_hold(hold) for job_id, hold in account.get("holds", {}).items()}
        jobs = await self._found({"_id": {"$in": list(holds)}}) | await self._found(
            {"buyer_id": account_id} | UNSETTLED
        )
        under_way = await self._under_way({*holds, *jobs}, holds, jobs)
        return Transit(under_way, await self._open_credits(account_id, account.get("credits", ())))

    async def entries(self) -> int:
        return await self._ledger.count_documents({}, session=self._session)

    async def _batch(self, after: str) -> list[dict[str, Any]]:
        cursor = self._accounts.find({"_id": {"$gt": after}}, _SHOWN, session=self._session)
        return await cursor.sort("_id", ASCENDING).limit(BATCH).to_list(BATCH)

    async def _books(self, batch: Sequence[dict[str, Any]]) -> list[AccountBook]:
        pipeline: list[dict[str, Any]] = [
            {"$match": {"buyer_id": {"$in": [document["_id"] for document in batch]}}},
            {
                "$group": {
                    "_id": {
                        "buyer_id": "$buyer_id",
                        "kind": "$kind",
                        "debit": _sort("$debit"),
                        "credit": _sort("$credit"),
                    },
                    "amount": {"$sum": "$amount"},
                    "entries": {"$sum": 1},
                }
            },
        ]
        lines: dict[str, list[Line]] = {document["_id"]: [] for document in batch}
        for group in await aggregated(self._ledger, pipeline, self._session):
            key = group["_id"]
            line = Line(EntryKind(key["kind"]), key["debit"], key["credit"], group["amount"], group["entries"])
            lines[key["buyer_id"]].append(line)
        return [
            AccountBook(read_account(document), document["listed"], tuple(lines[document["_id"]])) for document in batch
        ]

    async def _found(self, query: dict[str, Any]) -> dict[str, JobRecord]:
        cursor = self._jobs.find(query | {"status": {"$ne": JobStatus.VOID.value}}, session=self._session)
        return {document["_id"]: read_job(document) async for document in cursor}

    async def _under_way(
        self, ids: Iterable[str], holds: dict[str, Hold], jobs: dict[str, JobRecord]
    ) -> tuple[UnderWay, ...]:
        by_job: dict[str, list[LedgerEntry]] = {job_id: [] for job_id in ids}
        wanted = [job_entry_id(job_id, kind) for job_id in by_job for kind in _OF_A_JOB]
        async for document in self._ledger.find({"_id": {"$in": wanted}}, session=self._session):
            by_job[document["job_id"]].append(read_entry(document))
        return tuple(
            UnderWay(holds.get(job_id), jobs.get(job_id), tuple(entries)) for job_id, entries in by_job.items()
        )

    async def _open_credits(self, account_id: str, given: Iterable[str]) -> tuple[Money, ...]:
        query = {"buyer_id": account_id, "open": True, "_id": {"$nin": list(given)}}
        return tuple([Money(document["amount"]) async for document in self._ledger.find(query, session=self._session)])


def _sort(account: str) -> dict[str, Any]:
    """What a ledger account is, without whose; see ``sort_of``."""
    return {"$first": {"$split": [account, ":"]}}
