"""Provider keys and webhook secrets in MongoDB, as the sealed values they are."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from services.api.domain.resealing import SealedValue
from shared.contracts.records.offer import key_binding
from shared.contracts.records.webhook_secret import secret_binding
from shared.storage.mongo import Collection, aggregated

_BY_ID: Final = {"$sort": {"_id": 1}}


class MongoSealedKeys:
    """Provider keys.  See :class:`services.api.ports.SealedValues`."""

    def __init__(self, offers: Collection) -> None:
        self._offers = offers

    async def behind(self, newest: str, after: str, limit: int) -> list[SealedValue]:
        return await self._found("$ne", newest, after, limit)

    async def one_under(self, kid: str) -> SealedValue | None:
        return next(iter(await self._found("$eq", kid, "", 1)), None)

    async def replace(self, value: SealedValue, sealed: str) -> bool:
        where = f"sealed_keys.{value.name}"
        replaced = await self._offers.update_one(
            {"_id": value.document_id, where: value.sealed}, {"$set": {where: sealed}}
        )
        return replaced.matched_count > 0

    async def count(self) -> Counter[str]:
        return await _count(self._offers, {"$objectToArray": "$sealed_keys"}, "$sealed.v")

    async def _found(self, comparison: str, kid: str, after: str, limit: int) -> list[SealedValue]:
        values = _under({"$objectToArray": "$sealed_keys"}, "$$this.v", comparison, kid)
        found = await aggregated(self._offers, _page(after, limit, {"seller_id": 1, "values": values}))
        return [
            SealedValue(document["_id"], item["k"], item["v"], key_binding(document["_id"], document["seller_id"]))
            for document in found
            for item in document["values"]
        ]


class MongoSealedSecrets:
    """Webhook secrets.  See :class:`services.api.ports.SealedValues`."""

    def __init__(self, secrets: Collection) -> None:
        self._secrets = secrets

    async def behind(self, newest: str, after: str, limit: int) -> list[SealedValue]:
        return await self._found("$ne", newest, after, limit)

    async def one_under(self, kid: str) -> SealedValue | None:
        return next(iter(await self._found("$eq", kid, "", 1)), None)

    async def replace(self, value: SealedValue, sealed: str) -> bool:
        unchanged = {"$elemMatch": {"id": value.name, "sealed": value.sealed}}
        replaced = await self._secrets.update_one(
            {"_id": value.document_id, "secrets": unchanged}, {"$set": {"secrets.$.sealed": sealed}}
        )
        return replaced.matched_count > 0

    async def count(self) -> Counter[str]:
        return await _count(self._secrets, "$secrets", "$sealed.sealed")

    async def _found(self, comparison: str, kid: str, after: str, limit: int) -> list[SealedValue]:
        values = _under("$secrets", "$$this.sealed", comparison, kid)
        found = await aggregated(self._secrets, _page(after, limit, {"values": values}))
        return [
            SealedValue(document["_id"], item["id"], item["sealed"], secret_binding(document["_id"], item["id"]))
            for document in found
            for item in document["values"]
        ]


def _under(values: Any, text: str, comparison: str, kid: str) -> dict[str, Any]:
    """Those of the values whose text names that key, or (``$ne``) another one."""
    return {"$filter": {"input": values, "cond": {comparison: [{"$indexOfBytes": [text, f"v1.{kid}."]}, 0]}}}


def _page(after: str, limit: int, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    beyond = {"$match": {"_id": {"$gt": after}}}
    return [beyond, _BY_ID, {"$project": wanted}, {"$match": {"values": {"$ne": []}}}, {"$limit": limit}]


async def _count(collection: Collection, values: Any, text: str) -> Counter[str]:
    kid = {"$arrayElemAt": [{"$split": [text, "."]}, 1]}
    stages: list[dict[str, Any]] = [
        {"$project": {"sealed": values}},
        {"$unwind": "$sealed"},
        {"$group": {"_id": kid, "values": {"$sum": 1}}},
    ]
    return Counter({str(found["_id"]): found["values"] for found in await aggregated(collection, stages)})
