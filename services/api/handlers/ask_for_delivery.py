"""Ask for a webhook: an ending told again, or a test.  The webhooks service does the telling."""

from __future__ import annotations

from dataclasses import dataclass

from services.api.domain.refusals import NotFound
from services.api.ports import Announcer, Deliveries, WebhookSecrets
from shared.contracts.market_events import DeliveryRetryRequested, DeliveryTestRequested
from shared.contracts.records.delivery import DeliveryRecord
from shared.kernel.clock import Clock, in_millis
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Asking:
    """What asking for a delivery needs."""

    deliveries: Deliveries
    secrets: WebhookSecrets
    announcer: Announcer
    clock: Clock


async def ask_for_retry(buyer_id: str, delivery_id: str, *, world: Asking) -> DeliveryRecord:
    """The buyer's delivery, which will be attempted anew, delivered already or not.

    Raises :class:`NotFound`, or ``Transient`` when nobody can be told now.
    """
    delivery = await world.deliveries.find_of(buyer_id, delivery_id)
    if delivery is None:
        raise NotFound("delivery")
    wish = DeliveryRetryRequested(delivery_id=delivery.id, buyer_id=buyer_id, request_id=new_id())
    await world.announcer.say(wish)
    return delivery


async def ask_for_test(buyer_id: str, url: str, *, world: Asking) -> str:
    """The id of a test delivery that will be made to ``url``, which was checked; signed like any other.

    Raises ``Transient`` when nobody can be told now.
    """
    await world.secrets.ensure(buyer_id, in_millis(world.clock.now()))
    delivery_id = new_id()
    await world.announcer.say(DeliveryTestRequested(delivery_id=delivery_id, buyer_id=buyer_id, url=url))
    return delivery_id
