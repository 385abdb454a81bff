"""Show a seller's offers."""

from services.api.domain.refusals import OfferNotFound
from services.api.ports import Offers
from shared.contracts.records.offer import OfferRecord
from shared.market.offers import OfferStatus


async def read_offer(seller_id: str, offer_id: str, *, offers: Offers) -> OfferRecord:
    """One offer; raises :class:`OfferNotFound` for a foreign, unknown or withdrawn one."""
    record = await offers.find_of(seller_id, offer_id)
    if record is None or record.offer.status is OfferStatus.WITHDRAWN:
        raise OfferNotFound
    return record


async def list_offers(seller_id: str, *, offers: Offers) -> list[OfferRecord]:
    """Every offer that is not withdrawn, newest first."""
    return await offers.list_of(seller_id)
