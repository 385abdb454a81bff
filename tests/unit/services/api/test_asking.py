"""Asking the webhooks service for something, and showing what became of it."""

from __future__ import annotations

import pytest

from services.api.adapters.memory_deliveries import MemoryDeliveries
from services.api.adapters.memory_webhook_secrets import MemoryWebhookSecrets
from services.api.domain.refusals import InvalidRequest, NotFound
from services.api.handlers.ask_for_delivery import Asking, ask_for_retry, ask_for_test
from services.api.handlers.list_deliveries import list_deliveries
from shared.contracts.event import Event
from shared.contracts.market_events import DeliveryRetryRequested, DeliveryTestRequested
from shared.contracts.records.delivery import DeliveryRecord, DeliveryState
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT

MINE = DeliveryRecord("d1", "b1", "j1", "music.generation.failed", "u", DeliveryState.EXHAUSTED, AT, None, 0, ())


class Said(list[Event]):
    """Keeps what is said."""

    async def say(self, *facts: Event) -> None:
        self.extend(facts)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def world(said: Said) -> Asking:
    deliveries = MemoryDeliveries()
    deliveries.put(MINE)
    return Asking(deliveries, MemoryWebhookSecrets(), said, StoppedClock(AT))


async def test_every_wish_for_a_retry_is_a_wish_of_its_own(world: Asking, said: Said) -> None:
    for _ in range(2):
        assert await ask_for_retry("b1", "d1", world=world) == MINE
    assert all(isinstance(wish, DeliveryRetryRequested) and wish.delivery_id == "d1" for wish in said)
    assert len({wish.event_id for wish in said}) == 2


async def test_nobody_asks_for_the_deliveries_of_others(world: Asking, said: Said) -> None:
    with pytest.raises(NotFound):
        await ask_for_retry("b2", "d1", world=world)
    assert said == []


async def test_a_test_can_be_signed_by_a_buyer_who_never_had_a_secret(world: Asking, said: Said) -> None:
    delivery_id = await ask_for_test("b1", "https://example.com/", world=world)
    (wish,) = said
    assert isinstance(wish, DeliveryTestRequested)
    assert (wish.delivery_id, wish.url) == (delivery_id, "https://example.com/")
    assert len(await world.secrets.list_of("b1")) == 1


async def test_a_page_begins_after_a_delivery_of_the_buyers_own(world: Asking) -> None:
    found = await list_deliveries("b1", limit=1, deliveries=world.deliveries)
    assert (found.deliveries, found.has_more) == ((MINE,), False)
    with pytest.raises(InvalidRequest):
        await list_deliveries("b2", limit=1, after="d1", deliveries=world.deliveries)
