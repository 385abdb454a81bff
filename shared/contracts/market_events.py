"""The facts of the market's own: offers, standings, keys and deliveries."""

from typing import ClassVar

from shared.contracts.event import Event, OfferEvent
from shared.contracts.wire import WireInstant, WireMoney
from shared.kernel.ids import derived_id


class OfferChanged(OfferEvent):
    """An offer or a buyer's own provider was made, changed or withdrawn; who keeps a book reads it again."""

    TYPE: ClassVar[str] = "offer.changed"

    seller_id: str
    """Whose key it is: of a buyer's own provider, the buyer's."""
    model: str
    status: str
    role: str | None = None
    """``priority`` or ``fallback`` of a buyer's own provider, which is no offer to anybody else."""


class OfferStandingChanged(OfferEvent):
    """How an offer is doing, whole, so that hearing the latest is enough."""

    TYPE: ClassVar[str] = "offer.standing_changed"

    health: str
    reason: str | None
    until: WireInstant | None
    failures: int
    in_flight: int
    day: str
    spent_usdc: WireMoney
    used_at: WireInstant | None


class KeyRevoked(Event):
    """An API key stopped being good; who remembers it forgets it now."""

    TYPE: ClassVar[str] = "key.revoked"

    key_id: str
    account_id: str

    @property
    def subject(self) -> str:
        return self.key_id

    @property
    def event_id(self) -> str:
        return derived_id(self.key_id, self.TYPE)


class DeliveryEvent(Event):
    """A fact about one webhook delivery."""

    delivery_id: str
    buyer_id: str

    @property
    def subject(self) -> str:
        return self.delivery_id

    @property
    def event_id(self) -> str:
        return derived_id(self.delivery_id, self.TYPE)


class DeliveryRetryRequested(DeliveryEvent):
    """A buyer wants a delivery tried again now; ``request_id`` tells one wish from the next."""

    TYPE: ClassVar[str] = "delivery.retry_requested"

    request_id: str

    @property
    def event_id(self) -> str:
        return derived_id(self.delivery_id, self.request_id, self.TYPE)


class DeliveryTestRequested(DeliveryEvent):
    """A buyer wants a test event sent to ``url``."""

    TYPE: ClassVar[str] = "delivery.test_requested"

    url: str


class DeliveryOutcome(DeliveryEvent):
    """How a delivery stands after ``attempts`` attempts; a buyer's wish for another may change it again."""

    attempts: int

    @property
    def event_id(self) -> str:
        return derived_id(self.delivery_id, self.attempts, self.TYPE)


class DeliverySucceeded(DeliveryOutcome):
    """The buyer's receiver took it."""

    TYPE: ClassVar[str] = "delivery.succeeded"


class DeliveryExhausted(DeliveryOutcome):
    """The ladder ended, or the receiver said it is gone; a buyer may still ask for a retry."""

    TYPE: ClassVar[str] = "delivery.exhausted"

    reason: str
