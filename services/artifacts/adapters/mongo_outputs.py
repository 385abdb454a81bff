"""What is kept of each output, in MongoDB: one document each, changed by compare-and-set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from services.artifacts.adapters.output_documents import (
    KEPT_AFTER_THE_END,
    NOW,
    ask_if_due,
    audio_document,
    copies_due,
    due,
    later,
    literal,
    new_output,
    read_audio,
    read_output,
    read_tries,
    tries_fields,
    unfit_document,
    with_copy,
)
from services.artifacts.domain.audio.unfit import Unfit
from services.artifacts.domain.copies import Copy, CopyState
from services.artifacts.domain.output import ONLY, Audio, Output
from services.artifacts.domain.patience import NO_TRIES, Tries
from services.artifacts.domain.saying import AGAIN_AFTER, AT_LEAST_EVERY, LOOKED_AFTER
from services.artifacts.ports import Claim, Claiming, Held, Over
from shared.contracts.records.artifact import COLLECTION, ArtifactState, artifact_id
from shared.kernel.ids import new_id
from shared.storage.mongo import ASCENDING, Database, DuplicateKeyError, ReturnDocument

_MILLI: Final = timedelta(milliseconds=1)
_CLAIMED, _STORED, _REJECTED, _EXPIRED = (
    state.value
    for state in (ArtifactState.CLAIMED, ArtifactState.STORED, ArtifactState.REJECTED, ArtifactState.EXPIRED)
)
_NO_LEASE: Final[dict[str, Any]] = {"lease_until": None, "lease_token": None}


class MongoOutputs:
    """See :class:`services.artifacts.ports.Outputs`."""

    def __init__(self, database: Database) -> None:
        self._artifacts = database[COLLECTION]

    async def claim(self, copy: Copy, *, lease: timedelta) -> Claiming:
        token = new_id()
        if await self._claimed_first(copy, token, lease):
            return Claim(copy, token, NO_TRIES)
        document = await self._taken_over(copy, token, lease)
        if document is not None:
            return Claim(copy, token, read_tries(document), read_audio(document["counted"]), taken_over=True)
        document = await self._artifacts.find_one({"_id": artifact_id(copy.job_id, copy.index)})
        return Held() if document is None else _standing(document, copy)

    async def _claimed_first(self, copy: Copy, token: str, lease: timedelta) -> bool:
        whole = {**literal(new_output(copy)), **_claimed(copy, token, lease)}
        try:
            await self._artifacts.update_one(
                {"_id": artifact_id(copy.job_id, copy.index), "state": {"$exists": False}},
                [{"$set": whole}, {"$set": {"copies": with_copy(copy, CopyState.KEPT)}}],
                upsert=True,
            )
        except DuplicateKeyError:
            return False
        return True

    async def _taken_over(self, copy: Copy, token: str, lease: timedelta) -> dict[str, Any] | None:
        same = {"$eq": ["$attempt", copy.attempt]}
        older = copies_due({"$lt": ["$$this.attempt", copy.attempt]})
        return await self._artifacts.find_one_and_update(
            {
                "_id": artifact_id(copy.job_id, copy.index),
                "ended": False,
                "$or": [
                    {"state": _CLAIMED, "attempt": {"$lte": copy.attempt}, "$expr": {"$lte": ["$lease_until", NOW]}},
                    {"state": _REJECTED, "attempt": {"$lt": copy.attempt}},
                ],
            },
            [
                {
                    "$set": {
                        **_claimed(copy, token, lease),
                        "offer_id": {"$literal": copy.offer_id},
                        "tries": {"$cond": [same, "$tries", 0]},
                        "calls": {"$cond": [same, {"$ifNull": ["$calls", 0]}, 0]},
                        "counted": {"$cond": [same, "$counted", None]},
                        "unfit": None,
                        "copies": older,
                        **ask_if_due(copies=older),
                    }
                },
                {"$set": {"copies": with_copy(copy, CopyState.KEPT)}},
            ],
            return_document=ReturnDocument.AFTER,
        )

    async def renew(self, claim: Claim, *, lease: timedelta) -> bool:
        return await self._under(claim, {"lease_until": later(lease)}) is not None

    async def about_to_complete(self, claim: Claim, audio: Audio, *, lease: timedelta) -> bool:
        noted = {"lease_until": later(lease), "counted": {"$literal": audio_document(audio)}}
        return await self._under(claim, noted) is not None

    async def store(self, claim: Claim, audio: Audio, *, retention: timedelta) -> Output | None:
        stored = await self._under(
            claim,
            {
                **_NO_LEASE,
                "state": _STORED,
                "changed_at": NOW,
                "counted": None,
                "audio": {"$literal": audio_document(audio)},
                "retained_until": later(retention),
                "say_at": later(AGAIN_AFTER),
            },
        )
        return None if stored is None else read_output(stored)

    async def reject(self, claim: Claim, unfit: Unfit) -> Output | None:
        rejected = await self._under(
            claim,
            {
                **_NO_LEASE,
                "state": _REJECTED,
                "changed_at": NOW,
                "counted": None,
                "unfit": {"$literal": unfit_document(unfit)},
                "say_at": later(AGAIN_AFTER),
            },
        )
        return None if rejected is None else read_output(rejected)

    async def release(self, claim: Claim, *, tries: Tries | None = None) -> None:
        await self._under(claim, _NO_LEASE if tries is None else {**_NO_LEASE, **tries_fields(tries)})

    async def _under(self, claim: Claim, changed: dict[str, Any]) -> dict[str, Any] | None:
        """Change the output, if the claim on it still stands."""
        return await self._artifacts.find_one_and_update(
            {
                "_id": artifact_id(claim.copy.job_id, claim.copy.index),
                "state": _CLAIMED,
                "lease_token": claim.token,
                "ended": False,
            },
            [{"$set": changed}],
            return_document=ReturnDocument.AFTER,
        )

    async def end(self, job_id: str, *, delivered: bool) -> bool:
        none_needed = copies_due(True)
        changed: dict[str, Any] = {"ended": True, "say_at": None, "copies": none_needed}
        if not delivered:
            changed |= {**_NO_LEASE, "purge_at": later(KEPT_AFTER_THE_END)}
        ended = await self._artifacts.find_one_and_update(
            {"_id": artifact_id(job_id, ONLY)},
            [{"$set": {**changed, **ask_if_due(copies=none_needed)}}],
            return_document=ReturnDocument.AFTER,
        )
        return ended is not None and not delivered and ended["state"] in (_CLAIMED, _STORED)

    async def discard(self, job_id: str) -> None:
        await self._artifacts.update_one(
            {"_id": artifact_id(job_id, ONLY), "ended": True, "state": {"$in": [_CLAIMED, _STORED]}},
            {"$set": {"state": _EXPIRED}},
        )

    async def unsaid(self) -> Output | None:
        silence = {"$max": [AGAIN_AFTER // _MILLI, {"$subtract": [NOW, "$changed_at"]}]}
        document = await self._artifacts.find_one_and_update(
            due("say_at"),
            [{"$set": {"say_at": {"$add": [NOW, {"$min": [silence, AT_LEAST_EVERY // _MILLI]}]}}}],
            sort=[("say_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else read_output(document)

    async def said(self, output: Output) -> None:
        copies = copies_due({"$eq": ["$$this.attempt", output.attempt]})
        await self._artifacts.update_one(
            {"_id": artifact_id(output.job_id, output.index)},
            [{"$set": {"copies": copies, **ask_if_due(copies=copies)}}],
        )

    async def past_retention(self, *, lease: timedelta) -> Output | None:
        document = await self._artifacts.find_one_and_update(
            {
                "state": _STORED,
                "$expr": {"$and": [{"$lte": ["$retained_until", NOW]}, {"$lte": ["$lease_until", NOW]}]},
            },
            [{"$set": {"lease_until": later(lease)}}],
            sort=[("retained_until", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else read_output(document)

    async def expire(self, output: Output) -> None:
        await self._artifacts.update_one(
            {"_id": artifact_id(output.job_id, output.index), "state": _STORED},
            [{"$set": {**_NO_LEASE, "state": _EXPIRED, "say_at": None, "purge_at": later(KEPT_AFTER_THE_END)}}],
        )


def _claimed(copy: Copy, token: str, lease: timedelta) -> dict[str, Any]:
    return {
        "state": _CLAIMED,
        "attempt": copy.attempt,
        "changed_at": NOW,
        "lease_until": later(lease),
        "lease_token": token,
        "say_at": later(LOOKED_AFTER),
    }


def _standing(document: dict[str, Any], copy: Copy) -> Claiming:
    """Why an output could not be claimed."""
    output = read_output(document)
    if output.state is ArtifactState.STORED:
        return output
    if document["ended"] or output.attempt > copy.attempt:
        return Over()
    if output.state is ArtifactState.REJECTED and output.attempt == copy.attempt:
        return output
    return Held()
