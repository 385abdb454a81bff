"""An output and its copies as documents, and the expressions that change them by the server's own clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.copies import Copy, CopyState
from services.artifacts.domain.output import Audio, Output
from services.artifacts.domain.patience import NO_TRIES, Tries
from shared.contracts.records.artifact import ArtifactState
from shared.contracts.records.document import Document
from shared.storage.mongo import ASCENDING, Collection, IndexModel

NOW: Final = "$$NOW"
KEPT_AFTER_THE_END: Final = timedelta(days=34)
"""A little longer than api keeps jobs."""
_MILLI: Final = timedelta(milliseconds=1)


async def ensure_indexes(artifacts: Collection) -> None:
    """What the sweeps read by; safe to repeat."""
    dated = {"$type": "date"}
    await artifacts.create_indexes(
        [
            IndexModel([("say_at", ASCENDING)], name="unsaid", partialFilterExpression={"say_at": dated}),
            IndexModel([("forget_at", ASCENDING)], name="unforgotten", partialFilterExpression={"forget_at": dated}),
            IndexModel(
                [("retained_until", ASCENDING)],
                name="retained",
                partialFilterExpression={"state": ArtifactState.STORED.value},
            ),
            IndexModel([("purge_at", ASCENDING)], name="purged", expireAfterSeconds=0),
        ]
    )


def due(field: str) -> dict[str, Any]:
    """The filter for documents whose instant ``field`` is past."""
    return {field: {"$type": "date"}, "$expr": {"$lte": [f"${field}", NOW]}}


def later(after: timedelta) -> dict[str, Any]:
    """The instant ``after`` from now."""
    return {"$add": [NOW, after // _MILLI]}


def literal(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are, whatever signs they begin with."""
    return {name: {"$literal": value} for name, value in fields.items()}


def new_output(copy: Copy) -> dict[str, Any]:
    """Every field of an output of which nothing is known but who has a copy of it."""
    return {
        "job_id": copy.job_id,
        "index": copy.index,
        "kind": copy.kind,
        "attempt": copy.attempt,
        "offer_id": copy.offer_id,
        "ended": False,
        "lease_until": None,
        "lease_token": None,
        **tries_fields(NO_TRIES),
        "counted": None,
        "audio": None,
        "retained_until": None,
        "unfit": None,
        "say_at": None,
        "copies": [],
        "forget_at": None,
        "forget_since": None,
        "forget_tries": 0,
    }


def copy_document(copy: Copy, state: CopyState) -> dict[str, Any]:
    """One copy within its output's document."""
    return {
        "attempt": copy.attempt,
        "offer_id": copy.offer_id,
        "provider": copy.provider,
        "base_url": copy.base_url,
        "key_id": copy.key_id,
        "provider_model": copy.provider_model,
        "provider_job_id": copy.provider_job_id,
        "state": state.value,
    }


def read_copy(output: Document, document: Document) -> Copy:
    """One copy out of its output's document."""
    return Copy(
        job_id=output["job_id"],
        index=output["index"],
        kind=output["kind"],
        attempt=document["attempt"],
        offer_id=document["offer_id"],
        provider=document["provider"],
        base_url=document["base_url"],
        key_id=document["key_id"],
        provider_model=document["provider_model"],
        provider_job_id=document["provider_job_id"],
    )


def with_copy(copy: Copy, state: CopyState) -> dict[str, Any]:
    """The copies with this one among them; what is known of it already stays as it is."""
    added = {"$concatArrays": ["$copies", [{"$literal": copy_document(copy, state)}]]}
    return {"$cond": [{"$in": [copy.attempt, "$copies.attempt"]}, "$copies", added]}


def copies_due(which: Any, *, among: Any = "$copies") -> dict[str, Any]:
    """The copies ``among`` these for which ``which`` holds (of ``$$this``) not being needed any more."""
    needed = {"$and": [{"$eq": ["$$this.state", CopyState.KEPT.value]}, which]}
    return {
        "$map": {
            "input": among,
            "as": "this",
            "in": {"$cond": [needed, {"$mergeObjects": ["$$this", {"state": CopyState.DUE.value}]}, "$$this"]},
        }
    }


def ask_if_due(before: str = "$copies", copies: Any = "$copies") -> dict[str, Any]:
    """The fields that have providers asked now, if ``copies`` hold one that is due and was not ``before``."""
    news = {"$gt": [_count_due(copies), _count_due(before)]}
    return {
        "forget_at": {"$cond": [news, NOW, "$forget_at"]},
        "forget_since": {"$cond": [news, {"$ifNull": ["$forget_since", NOW]}, "$forget_since"]},
    }


def _count_due(copies: Any) -> dict[str, Any]:
    due_ones = {"$filter": {"input": copies, "cond": {"$eq": ["$$this.state", CopyState.DUE.value]}}}
    return {"$size": due_ones}


def audio_document(audio: Audio) -> dict[str, Any]:
    """What was counted of a body."""
    return {
        "key": audio.key,
        "content_type": audio.content_type,
        "bytes": audio.bytes,
        "sha256": audio.sha256,
        "duration_millis": round(audio.duration / _MILLI),
    }


def read_audio(document: Document | None) -> Audio | None:
    """What was counted of a body, if any was."""
    if document is None:
        return None
    duration = timedelta(milliseconds=document["duration_millis"])
    return Audio(document["key"], document["content_type"], document["bytes"], document["sha256"], duration)


def tries_fields(tries: Tries) -> dict[str, Any]:
    """What has failed of the attempt that the document is of."""
    return {"tries": tries.bodies, "calls": tries.calls}


def read_tries(document: Document) -> Tries:
    """What has failed so far."""
    return Tries(document["tries"], document["calls"])


def unfit_document(unfit: Unfit) -> dict[str, Any]:
    """Why nothing is kept."""
    return {
        "reason": unfit.reason.value,
        "message": unfit.message,
        "code": unfit.code,
        "suggestion": unfit.suggestion,
    }


def _read_unfit(document: Document | None) -> Unfit | None:
    if document is None:
        return None
    reason, message = Reason(document["reason"]), document["message"]
    return Unfit(reason, message, document.get("code"), document.get("suggestion"))


def read_output(document: Document) -> Output:
    """An output out of its document."""
    return Output(
        job_id=document["job_id"],
        index=document["index"],
        kind=document["kind"],
        attempt=document["attempt"],
        offer_id=document["offer_id"],
        state=ArtifactState(document["state"]),
        audio=read_audio(document["audio"]),
        retained_until=document["retained_until"],
        unfit=_read_unfit(document["unfit"]),
    )
