"""Change a buyer's own provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.api.domain.selling import OfferChange, OwnChange
from services.api.handlers.change_offer import change_offer
from services.api.handlers.create_offer import Selling
from services.api.handlers.create_provider import served
from services.api.handlers.read_offers import read_offer
from shared.contracts.records.offer import OfferRecord


async def change_provider(
    buyer_id: str, provider_id: str, change: OfferChange, models: Sequence[str] | None, *, world: Selling
) -> OfferRecord:
    """The provider as changed; ``models`` by their names (none: all of them), or None to leave them.

    As for any offer: a new key, place or model to quote is quoted anew, and ``OfferNotFound`` is raised for a
    foreign, unknown or withdrawn one.
    """
    if models is not None:
        record = await read_offer(buyer_id, provider_id, offers=world.offers)
        own = change.own or OwnChange()
        change = replace(change, own=replace(own, serving=served(record.offer.provider, models, world)))
    return await change_offer(buyer_id, provider_id, change, world=world)
