"""Sweep: ask again for offers that no quote has vouched for yet."""

from dataclasses import replace
from typing import Final

from services.api.handlers.change_offer import requote, save
from services.api.handlers.create_offer import Selling
from shared.market.offers import OfferStatus

BATCH: Final = 10


async def verify_offers(*, world: Selling) -> None:
    """One round over a few of them; an offer whose provider quotes a price becomes active."""
    for record in await world.offers.unverified(BATCH):
        after = await requote(replace(record, revision=record.revision + 1), world=world)
        if after.offer.status is OfferStatus.ACTIVE:
            await save(after, world=world)
