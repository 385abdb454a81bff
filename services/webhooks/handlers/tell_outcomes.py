"""Say how deliveries ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.webhooks.domain.delivery import Outcome
from services.webhooks.ports import Announcer, Deliveries
from shared.contracts.event import Event
from shared.contracts.market_events import DeliveryExhausted, DeliverySucceeded
from shared.contracts.records.delivery import DeliveryState

OVERDUE: Final = timedelta(seconds=5)
"""Younger outcomes are being said by whoever made the attempt."""
_AT_ONCE: Final = 200


async def tell_outcome(outcome: Outcome, *, deliveries: Deliveries, announcer: Announcer) -> None:
    """Say one outcome and note it.  A crash in between says it again, under the same event id."""
    await announcer.say(_fact(outcome))
    await deliveries.told(outcome)


async def tell_overdue(*, deliveries: Deliveries, announcer: Announcer) -> None:
    """Say the outcomes whose process died, or had no broker, before it could."""
    for outcome in await deliveries.untold(for_at_least=OVERDUE, limit=_AT_ONCE):
        await tell_outcome(outcome, deliveries=deliveries, announcer=announcer)


def _fact(outcome: Outcome) -> Event:
    delivery_id, buyer_id, attempts = outcome.delivery_id, outcome.buyer_id, outcome.attempts
    if outcome.state is DeliveryState.SUCCEEDED:
        return DeliverySucceeded(delivery_id=delivery_id, buyer_id=buyer_id, attempts=attempts)
    return DeliveryExhausted(
        delivery_id=delivery_id, buyer_id=buyer_id, attempts=attempts, reason=outcome.reason or "unknown"
    )
