"""A job as it lies in the database; what others may read is read by ``shared.contracts.records.job``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.api.adapters.letter_documents import letter_document
from services.api.domain.ending import Delivered, Unpaid
from services.api.domain.outbox import Letter
from shared.contracts.records.job import JobRecord, JobStatus, Running, SettlementStatus, result_document
from shared.storage.mongo import int64


def job_document(job: JobRecord, letter: Letter) -> dict[str, Any]:
    """A new job with the letter that says it was created."""
    return {
        "_id": job.id,
        "kind": job.kind,
        "buyer_id": job.buyer_id,
        "status": job.status.value,
        "parameters": job.parameters.data(),
        "minimum_discount": job.minimum_discount,
        "reference_cost": None if job.reference_cost is None else int64(job.reference_cost.micros),
        "estimated_cost": int64(job.estimated_cost.micros),
        "max_cost": int64(job.max_cost.micros),
        "fee_bps": job.fee_bps,
        "created_at": job.created_at,
        "expires_at": job.expires_at,
        "metadata": job.metadata,
        "webhook_url": job.webhook_url,
        "token_key_id": job.token_key_id,
        "attempts": job.attempts,
        "settlement_status": job.settlement_status.value,
        "said": {"at": job.created_at, "times": 0},
        "outbox": [letter_document(letter)],
    }


def void_document(job_id: str, at: datetime) -> dict[str, Any]:
    """The mark that no job will ever have this id."""
    return {"_id": job_id, "status": JobStatus.VOID.value, "ended_at": at}


def running_document(running: Running) -> dict[str, Any]:
    """What progress is told from."""
    expected = running.expected
    return {
        "started_at": running.started_at,
        "expected_seconds": None if expected is None else expected.total_seconds(),
    }


def ending_fields(ending: Delivered | Unpaid) -> dict[str, Any]:
    """What an ending writes over a live job; its settlement stays pending."""
    fields: dict[str, Any] = {"ended_at": ending.at, "settlement_status": SettlementStatus.PENDING.value}
    if isinstance(ending, Delivered):
        return fields | {
            "status": JobStatus.SUCCEEDED.value,
            "results": [result_document(result) for result in ending.results],
            "winner": asdict(ending.winner),
            "seller_cost": int64(ending.seller_cost.micros),
            "buyer_cost": int64(ending.buyer_cost.micros),
        }
    return fields | {
        "status": ending.status.value,
        "error": asdict(ending.error),
        "seller_cost": int64(0),
        "buyer_cost": int64(0),
    }
