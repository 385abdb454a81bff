"""Jobs in MongoDB: one document each, changed only by compare-and-set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from services.api.adapters.job_documents import ending_fields, job_document, running_document, void_document
from services.api.adapters.letter_documents import letter_document
from services.api.adapters.mongo_outbox import OUTBOX_INDEX, MongoOutbox
from services.api.domain.ending import Delivered, Unpaid
from services.api.domain.job_page import JobPage
from services.api.domain.outbox import Letter
from services.api.domain.saying_again import quiet_for
from services.api.domain.storing import AlreadyStored, Inserted, Stored, Voided
from services.api.ports import Unconfirmed
from shared.contracts.records.job import (
    LIVE,
    JobRecord,
    JobStatus,
    Running,
    SettlementStatus,
    read_job,
)
from shared.storage.mongo import ASCENDING, DESCENDING, UNAVAILABLE, DuplicateKeyError, IndexModel, ReturnDocument

KEPT_FOR: Final = timedelta(days=30)
_LIVE: Final = {"$in": [status.value for status in LIVE]}
_NOT_VOID: Final = {"$ne": JobStatus.VOID.value}
UNSETTLED: Final[dict[str, Any]] = {
    "settlement_status": SettlementStatus.PENDING.value,
    "ended_at": {"$exists": True},
}
SOLD: Final = (
    "settlement_status",
    "ended_at",
    "parameters.model",
    "buyer_cost",
    "winner.seller_id",
    "buyer_id",
)
"""All that the market's volumes are summed from, so that a day of jobs is counted without reading one of them."""

_INDEXES: Final = [
    OUTBOX_INDEX,
    IndexModel([("buyer_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)], name="of_buyer"),
    IndexModel([("status", ASCENDING), ("expires_at", ASCENDING)], name="overdue"),
    IndexModel([("ended_at", ASCENDING)], name="pending", partialFilterExpression=UNSETTLED),
    IndexModel(
        [(name, DESCENDING) for name in SOLD],
        name="sold",
        partialFilterExpression={"settlement_status": SettlementStatus.CONFIRMED.value},
    ),
    IndexModel([("ended_at", ASCENDING)], name="purge", expireAfterSeconds=int(KEPT_FOR.total_seconds())),
]


class MongoJobs(MongoOutbox):
    """See :class:`services.api.ports.Jobs`."""

    async def ensure_indexes(self) -> None:
        """Make the indexes that are not there yet."""
        await self._collection.create_indexes(_INDEXES)

    async def insert(self, job: JobRecord, letter: Letter) -> Stored:
        with _unconfirmed():
            if await self._added(job_document(job, letter)):
                return Inserted()
            stored = await self.find(job.id)
            return Voided() if stored is None else AlreadyStored(stored)

    async def void(self, job_id: str, at: datetime) -> JobRecord | None:
        with _unconfirmed():
            return None if await self._added(void_document(job_id, at)) else await self.find(job_id)

    async def find(self, job_id: str) -> JobRecord | None:
        return await self._one({"_id": job_id})

    async def find_of(self, buyer_id: str, job_id: str) -> JobRecord | None:
        return await self._one({"_id": job_id, "buyer_id": buyer_id})

    async def page_of(self, buyer_id: str, page: JobPage) -> list[JobRecord]:
        query: dict[str, Any] = {"buyer_id": buyer_id}
        if page.status is not None:
            query["status"] = page.status.value
        if page.after is not None:
            at, job_id = page.after
            query["$or"] = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": job_id}}]
        return await self._many(query, [("created_at", DESCENDING), ("_id", DESCENDING)], page.limit)

    async def known(self, job_ids: Iterable[str]) -> dict[str, JobRecord]:
        ids = list(job_ids)
        if not ids:
            return {}
        found = await self._many({"_id": {"$in": ids}, "status": _NOT_VOID}, [("_id", ASCENDING)], len(ids))
        return {job.id: job for job in found}

    async def note_routed(self, job_id: str, attempt: int) -> bool:
        submitted = {"$cond": [{"$eq": ["$status", JobStatus.QUEUED.value]}, JobStatus.SUBMITTED.value, "$status"]}
        return await self._change(
            {"_id": job_id, "status": _LIVE, "attempts": {"$lt": attempt}},
            [{"$set": {"status": submitted, "attempts": attempt}}, {"$unset": "running"}],
        )

    async def note_running(self, job_id: str, attempt: int, running: Running) -> bool:
        first_seen = [{"attempts": {"$lt": attempt}}, {"attempts": attempt, "running": None}]
        return await self._change(
            {"_id": job_id, "status": _LIVE, "$or": first_seen},
            {"$set": {"status": JobStatus.RUNNING.value, "attempts": attempt, "running": running_document(running)}},
        )

    async def request_cancel(self, job_id: str, at: datetime, letter: Letter) -> bool:
        return await self._change(
            {"_id": job_id, "status": _LIVE, "cancel_requested_at": None},
            {"$set": {"cancel_requested_at": at}, "$push": {"outbox": letter_document(letter)}},
        )

    async def end(self, job_id: str, ending: Delivered | Unpaid) -> JobRecord | None:
        query: dict[str, Any] = {"_id": job_id, "status": _LIVE}
        change: dict[str, Any] = {"$set": ending_fields(ending)}
        if isinstance(ending, Unpaid):
            change["$max"] = {"attempts": ending.attempts}
            if ending.status is not JobStatus.CANCELED:
                query["cancel_requested_at"] = None
        ended = await self._collection.find_one_and_update(query, change, return_document=ReturnDocument.AFTER)
        return None if ended is None else read_job(ended)

    async def confirm(self, job_id: str, status: SettlementStatus, letter: Letter) -> bool:
        return await self._change(
            {"_id": job_id} | UNSETTLED,
            {"$set": {"settlement_status": status.value}, "$push": {"outbox": letter_document(letter)}},
        )

    async def expire_result(self, job_id: str, index: int) -> bool:
        return await self._change(
            {"_id": job_id, "results": {"$elemMatch": {"index": index, "expired": False}}},
            {"$set": {"results.$.expired": True}},
        )

    async def unsettled(self, before: datetime, limit: int) -> list[JobRecord]:
        return await self._many(
            UNSETTLED | {"ended_at": {"$exists": True, "$lt": before}}, [("ended_at", ASCENDING)], limit
        )

    async def overdue(self, kind: str, before: datetime, limit: int) -> list[JobRecord]:
        query = {"status": _LIVE, "kind": kind, "expires_at": {"$lt": before}}
        return await self._many(query, [("expires_at", ASCENDING)], limit)

    async def oldest(self) -> datetime | None:
        first = self._collection.find({"status": _LIVE}, {"created_at": 1}).sort("expires_at", ASCENDING).limit(1)
        return next((document["created_at"] for document in await first.to_list(1)), None)

    async def quiet(self, at: datetime, limit: int) -> list[JobRecord]:
        return await self._many(_quiet(at), [("expires_at", ASCENDING)], limit)

    async def say_again(self, job_id: str, at: datetime, letter: Letter) -> bool:
        return await self._change(
            {"_id": job_id} | _quiet(at),
            {"$set": {"said.at": at}, "$inc": {"said.times": 1}, "$push": {"outbox": letter_document(letter)}},
        )

    async def put_off(self, job_id: str, at: datetime) -> None:
        await self._change({"_id": job_id} | _quiet(at), {"$set": {"said.at": at}, "$inc": {"said.times": 1}})

    async def _added(self, document: dict[str, Any]) -> bool:
        try:
            await self._collection.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    async def _one(self, query: dict[str, Any]) -> JobRecord | None:
        found = await self._collection.find_one(query | {"status": _NOT_VOID})
        return None if found is None else read_job(found)

    async def _many(self, query: dict[str, Any], order: list[tuple[str, int]], limit: int) -> list[JobRecord]:
        found = await self._collection.find(query).sort(order).limit(limit).to_list(limit)
        return [read_job(document) for document in found]

    async def _change(self, query: dict[str, Any], change: dict[str, Any] | list[dict[str, Any]]) -> bool:
        return (await self._collection.update_one(query, change)).matched_count > 0


@contextmanager
def _unconfirmed() -> Iterator[None]:
    try:
        yield
    except UNAVAILABLE as error:
        raise Unconfirmed(f"the job may or may not be stored: {type(error).__name__}") from error


def _quiet(at: datetime) -> dict[str, Any]:
    """Queued, with nothing unsent, and last said longer ago than its times allow."""
    steps = [{"said.times": times, "said.at": {"$lt": at - quiet_for(times)}} for times in range(6)]
    most = {"said.times": {"$gte": 6}, "said.at": {"$lt": at - quiet_for(6)}}
    return {"status": JobStatus.QUEUED.value, "outbox.0": {"$exists": False}, "$or": [*steps, most]}
