"""Standings in MongoDB: one document an offer, in which a reservation is an entry of a map.

An entry is taken and ended by one conditional update each, so that ending it again finds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from services.router.domain.health import PROBE_FOR
from services.router.domain.reservation import NotReserved, Reservation, Reserved
from shared.contracts.records.standing import COLLECTION, read_standing
from shared.kernel.clock import Clock
from shared.kernel.money import Money
from shared.market.offers import Offer
from shared.market.standings import Health, Standing
from shared.storage.mongo import Database, DuplicateKeyError, ReturnDocument

_FIELDS: Final = dict.fromkeys(
    ("revision", "health", "reason", "until", "failures", "in_flight", "day", "spent", "used_at"), 1
)
_DAY: Final = "%Y-%m-%d"


class MongoStandings:
    """See :class:`services.router.ports.Standings`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._standings = database[COLLECTION]
        self._clock = clock

    async def all(self) -> Sequence[Standing]:
        return [read_standing(document) async for document in self._standings.find({}, _FIELDS)]

    async def of(self, offer_ids: Sequence[str]) -> Sequence[Standing]:
        cursor = self._standings.find({"_id": {"$in": list(offer_ids)}}, _FIELDS)
        return [read_standing(document) async for document in cursor]

    async def find(self, offer_id: str) -> Standing:
        document = await self._standings.find_one({"_id": offer_id}, _FIELDS)
        return Standing(offer_id) if document is None else read_standing(document)

    async def reserve(self, offer: Offer, reservation: Reservation) -> Reserved | NotReserved:
        if offer.cap_daily is not None and reservation.amount > offer.cap_daily:
            return NotReserved(await self.find(offer.id))
        entry = f"reservations.{reservation.id}"
        try:
            document = await self._standings.find_one_and_update(
                _with_room(offer, reservation),
                [{"$set": _taken(reservation)}],
                projection={**_FIELDS, entry: 1},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            # It exists and has no room, or it came into being this instant: its standing tells.
            return NotReserved(await self.find(offer.id))
        assert document is not None
        return Reserved(read_standing(document), probe=document["reservations"][reservation.id]["probe"])

    async def settle(
        self, offer_id: str, reservation_id: str, counts: Money, *, probes_on: bool = False
    ) -> Standing | None:
        entry = f"reservations.{reservation_id}"
        document = await self._standings.find_one_and_update(
            {"_id": offer_id, entry: {"$exists": True}},
            [{"$set": _given_back(entry, counts) | ({} if probes_on else _untried(entry))}, {"$unset": entry}],
            projection=_FIELDS,
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else read_standing(document)

    async def change(self, before: Standing, after: Standing, *, offer_revision: int) -> Standing | None:
        document = await self._standings.find_one_and_update(
            {
                "_id": before.offer_id,
                "health": before.health.value,
                "failures": before.failures,
                "until": before.until,
            },
            {
                "$set": {
                    "health": after.health.value,
                    "reason": after.reason,
                    "until": after.until,
                    "failures": after.failures,
                    "offer_revision": offer_revision,
                },
                "$inc": {"revision": 1},
            },
            projection=_FIELDS,
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else read_standing(document)

    async def reopen(self, offer_id: str, offer_revision: int) -> Standing | None:
        document = await self._standings.find_one_and_update(
            {"_id": offer_id, "health": Health.SHUT.value, "offer_revision": {"$lt": offer_revision}},
            {
                "$set": {"health": Health.HEALTHY.value, "reason": None, "until": None, "failures": 0},
                "$inc": {"revision": 1},
            },
            projection=_FIELDS,
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else read_standing(document)

    async def reservations(self, older_than: timedelta) -> Sequence[Reservation]:
        taken_before = self._clock.now() - older_than
        cursor = self._standings.find({"in_flight": {"$gt": 0}}, {"reservations": 1})
        return [
            Reservation(name, document["_id"], Money(entry["amount"]), entry["at"])
            async for document in cursor
            for name, entry in document.get("reservations", {}).items()
            if entry["at"] < taken_before
        ]


def _with_room(offer: Offer, reservation: Reservation) -> dict[str, Any]:
    """What ``fits`` asks of a standing, as a filter.  Missing fields are those of an offer never used."""
    open_now = [
        {"health": {"$nin": [Health.PAUSED.value, Health.SHUT.value]}},
        {"health": Health.PAUSED.value, "until": {"$lte": reservation.at}},
    ]
    wanted: list[dict[str, Any]] = [{"$or": open_now}]
    if offer.cap_daily is not None:
        room = (offer.cap_daily - reservation.amount).micros
        earlier, same = {"day": {"$not": {"$gte": reservation.day}}}, {"day": reservation.day, "spent": {"$lte": room}}
        wanted.append({"$or": [earlier, same]})
    return {"_id": offer.id, "in_flight": {"$not": {"$gte": offer.max_concurrent}}, "$and": wanted}


def _taken(reservation: Reservation) -> dict[str, Any]:
    """One more in flight and its amount spent; the job that probes keeps the others away for a while."""
    paused = {"$eq": ["$health", Health.PAUSED.value]}
    probing = {"$and": [paused, {"$gt": ["$failures", 0]}]}
    return {
        **_spending(reservation),
        "revision": {"$add": [{"$ifNull": ["$revision", 0]}, 1]},
        "health": {"$ifNull": ["$health", Health.HEALTHY.value]},
        "reason": {"$ifNull": ["$reason", None]},
        "failures": {"$ifNull": ["$failures", 0]},
        "until": {"$cond": [probing, reservation.at + PROBE_FOR, {"$ifNull": ["$until", None]}]},
        "in_flight": {"$add": [{"$ifNull": ["$in_flight", 0]}, 1]},
        "used_at": reservation.at,
        f"reservations.{reservation.id}": {
            "amount": reservation.amount.micros,
            "at": reservation.at,
            "probe": paused,
        },
    }


def _spending(reservation: Reservation) -> dict[str, Any]:
    """The rule of the same name: the amount on its day, unless a later day is counted already."""
    amount, spent = reservation.amount.micros, {"$ifNull": ["$spent", 0]}
    later, same = {"$gt": ["$day", reservation.day]}, {"$eq": ["$day", reservation.day]}
    return {
        "day": {"$cond": [later, "$day", reservation.day]},
        "spent": {"$cond": [later, spent, {"$add": [{"$cond": [same, spent, 0]}, amount]}]},
    }


def _given_back(entry: str, counts: Money) -> dict[str, Any]:
    """One less in flight; the cap of its day, if that is still counted, keeps only what counts."""
    difference = {"$subtract": [counts.micros, f"${entry}.amount"]}
    kept = {"$max": [0, {"$add": ["$spent", difference]}]}
    day = {"$dateToString": {"date": f"${entry}.at", "format": _DAY}}
    return {
        "revision": {"$add": ["$revision", 1]},
        "in_flight": {"$max": [0, {"$subtract": ["$in_flight", 1]}]},
        "spent": {"$cond": [{"$eq": ["$day", day]}, kept, "$spent"]},
    }


def _untried(entry: str) -> dict[str, Any]:
    """The rule of the same name: whoever kept the others away lets the next one try."""
    kept_until = {"$add": [f"${entry}.at", PROBE_FOR // timedelta(milliseconds=1)]}
    holds = {
        "$and": [
            {"$eq": ["$health", Health.PAUSED.value]},
            {"$gt": ["$failures", 0]},
            {"$eq": ["$until", kept_until]},
        ]
    }
    return {"until": {"$cond": [holds, f"${entry}.at", "$until"]}}
