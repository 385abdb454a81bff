"""Send a delivery again because its buyer asked for it."""

from collections.abc import Sequence

import structlog

from services.webhooks.ports import Deliveries, Wake
from shared.contracts.event import Event
from shared.contracts.market_events import DeliveryRetryRequested

log = structlog.get_logger(__name__)


async def request_retry(wish: DeliveryRetryRequested, *, deliveries: Deliveries, wake: Wake) -> Sequence[Event]:
    """The new attempt takes the place of any that was still to come."""
    if await deliveries.retry(wish.delivery_id, wish.buyer_id, wish.request_id):
        wake()
    else:
        log.info("no such delivery to retry", delivery_id=wish.delivery_id)
    return ()
