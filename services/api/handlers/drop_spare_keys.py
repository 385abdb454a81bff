"""Sweep: forget provider keys that nothing needs any more."""

from datetime import timedelta
from typing import Final

from services.api.ports import Attempts, Offers
from shared.kernel.clock import Clock
from shared.market.offers import OfferStatus

KEPT_FOR: Final = timedelta(days=1)
"""Longer than any job, and than a provider is asked to forget its media."""
BATCH: Final = 100


async def drop_spare_keys(*, offers: Offers, attempts: Attempts, clock: Clock) -> None:
    """Of offers unchanged for a day, drop each key that is neither current nor used by an open attempt."""
    for record in await offers.with_spare_keys(clock.now() - KEPT_FOR, BATCH):
        offer = record.offer
        needed = set(await attempts.keys_in_use(offer.id))
        if offer.status is not OfferStatus.WITHDRAWN:
            needed.add(offer.key_id)
        for key_id in set(record.sealed_keys) - needed:
            await offers.drop_key(offer.id, key_id)
