"""Send a test event to a URL that a buyer wants to try."""

from collections.abc import Sequence

from services.webhooks.domain.delivery import TEST_TYPE, Delivery
from services.webhooks.ports import Deliveries, Wake
from shared.contracts.event import Event
from shared.contracts.market_events import DeliveryTestRequested
from shared.kernel.clock import Clock


async def send_trial(
    wish: DeliveryTestRequested, *, deliveries: Deliveries, wake: Wake, clock: Clock
) -> Sequence[Event]:
    """It goes the way of every delivery, so a test that arrives proves the whole way."""
    test = Delivery(
        id=wish.delivery_id,
        buyer_id=wish.buyer_id,
        job_id=None,
        type=TEST_TYPE,
        url=wish.url,
        happened_at=clock.now(),
    )
    if await deliveries.add(test):
        wake()
    return ()
