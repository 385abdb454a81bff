"""What providers still have, in the documents of the outputs that it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from services.artifacts.adapters.output_documents import (
    KEPT_AFTER_THE_END,
    NOW,
    ask_if_due,
    copies_due,
    due,
    later,
    literal,
    new_output,
    read_copy,
    with_copy,
)
from services.artifacts.domain.copies import Copy, CopyState
from services.artifacts.ports import Forgetting
from shared.contracts.records.artifact import COLLECTION, ArtifactState, artifact_id
from shared.storage.mongo import ASCENDING, Database, DuplicateKeyError, ReturnDocument

_DUE: Final = CopyState.DUE.value


class MongoCopies:
    """See :class:`services.artifacts.ports.Copies`."""

    def __init__(self, database: Database) -> None:
        self._artifacts = database[COLLECTION]

    async def leave(self, copy: Copy) -> None:
        new = {
            **literal({**new_output(copy), "state": ArtifactState.EXPIRED.value, "ended": True}),
            "changed_at": NOW,
            "purge_at": later(KEPT_AFTER_THE_END),
        }
        exists = {"$ne": [{"$type": "$state"}, "missing"]}
        copies = copies_due({"$eq": ["$$this.attempt", copy.attempt]}, among=with_copy(copy, CopyState.KEPT))
        pipeline: list[dict[str, Any]] = [
            {"$replaceWith": {"$cond": [exists, "$$ROOT", {"$mergeObjects": [new, {"_id": "$_id"}]}]}},
            {"$set": {"copies": copies, **ask_if_due(copies=copies)}},
        ]
        output_id = {"_id": artifact_id(copy.job_id, copy.index)}
        try:
            await self._artifacts.update_one(output_id, pipeline, upsert=True)
        except DuplicateKeyError:  # somebody else made it at the same time
            await self._artifacts.update_one(output_id, pipeline)

    async def due(self, *, lease: timedelta) -> Forgetting | None:
        document = await self._artifacts.find_one_and_update(
            due("forget_at"),
            [{"$set": {"forget_at": later(lease), "forget_tries": {"$add": ["$forget_tries", 1]}}}],
            sort=[("forget_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        if document is None:
            return None
        return Forgetting(
            output_id=document["_id"],
            copies=[read_copy(document, copy) for copy in document["copies"] if copy["state"] == _DUE],
            times_asked=document["forget_tries"] - 1,
            due_for=document["forget_at"] - lease - document["forget_since"],
        )

    async def conclude(
        self, round: Forgetting, *, forgotten: Collection[int], given_up: Collection[int], again_after: timedelta
    ) -> None:
        left = {"$in": [_DUE, "$copies.state"]}
        await self._artifacts.update_one(
            {"_id": round.output_id},
            [
                {"$set": {"copies": _concluded(forgotten, given_up)}},
                {
                    "$set": {
                        "forget_at": {"$cond": [left, later(again_after), None]},
                        "forget_since": {"$cond": [left, "$forget_since", None]},
                        "forget_tries": {"$cond": [left, "$forget_tries", 0]},
                    }
                },
            ],
        )


def _concluded(forgotten: Collection[int], given_up: Collection[int]) -> dict[str, Any]:
    """The copies, those of the two kinds of attempts marked as such."""
    branches = [
        {"case": {"$in": ["$$this.attempt", sorted(attempts)]}, "then": {"state": state.value}}
        for attempts, state in ((forgotten, CopyState.FORGOTTEN), (given_up, CopyState.GIVEN_UP))
    ]
    changed = {"$mergeObjects": ["$$this", {"$switch": {"branches": branches, "default": {}}}]}
    return {"$map": {"input": "$copies", "as": "this", "in": changed}}
