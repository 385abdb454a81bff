"""Withdraw a seller's offer."""

from services.api.domain.refusals import OfferNotFound, ServiceUnavailable
from services.api.domain.selling import withdrawn
from services.api.handlers.change_offer import TRIES, save
from services.api.handlers.create_offer import Selling
from shared.market.offers import OfferStatus


async def withdraw_offer(seller_id: str, offer_id: str, *, world: Selling) -> None:
    """Nobody is routed there any more; what is under way goes on.  Raises :class:`OfferNotFound`."""
    for _ in range(TRIES):
        record = await world.offers.find_of(seller_id, offer_id)
        if record is None or record.offer.status is OfferStatus.WITHDRAWN:
            raise OfferNotFound
        if await save(withdrawn(record), world=world):
            return
    raise ServiceUnavailable
