"""The catalogue of facts: who says each, and who hears it.  Topology and documents are derived from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.contracts.artifact_events import ArtifactExpired, ArtifactRejected, ArtifactStored
from shared.contracts.event import Event
from shared.contracts.job_events import (
    AttemptFailed,
    JobCanceled,
    JobCancelRequested,
    JobCreated,
    JobExpired,
    JobFailed,
    JobGenerated,
    JobRouted,
    JobRunning,
    JobSucceeded,
    JobUnroutable,
)
from shared.contracts.market_events import (
    DeliveryExhausted,
    DeliveryRetryRequested,
    DeliverySucceeded,
    DeliveryTestRequested,
    KeyRevoked,
    OfferChanged,
    OfferStandingChanged,
)

EXCHANGE: Final = "media.events"


@dataclass(frozen=True, slots=True)
class Fact:
    """One type of event: ``said_by`` one service, heard by others on their shared queues."""

    event: type[Event]
    said_by: str
    heard_by: tuple[str, ...] = ()
    broadcast_to: tuple[str, ...] = ()
    """Services of which every process hears it."""

    @property
    def must_be_heard(self) -> bool:
        """Whether a publish that reaches no queue is an error."""
        return bool(self.heard_by)


_ENDING_HEARERS: Final = ("router", "artifacts", "webhooks")
_ENDING_LISTENERS: Final = ("api", "poller")

_FACTS: Final = (
    Fact(JobCreated, "api", heard_by=("router",)),
    Fact(JobCancelRequested, "api"),
    Fact(JobRouted, "router", heard_by=("api", "poller")),
    Fact(JobUnroutable, "router", heard_by=("api",)),
    Fact(JobRunning, "poller", heard_by=("api", "router"), broadcast_to=("api",)),
    Fact(JobGenerated, "poller", heard_by=("artifacts",)),
    Fact(AttemptFailed, "poller", heard_by=("router",)),
    Fact(ArtifactStored, "artifacts", heard_by=("api",)),
    Fact(ArtifactRejected, "artifacts", heard_by=("router",)),
    Fact(ArtifactExpired, "artifacts", heard_by=("api",)),
    Fact(JobSucceeded, "api", heard_by=_ENDING_HEARERS, broadcast_to=_ENDING_LISTENERS),
    Fact(JobFailed, "api", heard_by=_ENDING_HEARERS, broadcast_to=_ENDING_LISTENERS),
    Fact(JobCanceled, "api", heard_by=_ENDING_HEARERS, broadcast_to=_ENDING_LISTENERS),
    Fact(JobExpired, "api", heard_by=_ENDING_HEARERS, broadcast_to=_ENDING_LISTENERS),
    Fact(OfferChanged, "api", broadcast_to=("api", "router")),
    Fact(OfferStandingChanged, "router", broadcast_to=("api", "router")),
    Fact(KeyRevoked, "api", broadcast_to=("api",)),
    Fact(DeliveryRetryRequested, "api", heard_by=("webhooks",)),
    Fact(DeliveryTestRequested, "api", heard_by=("webhooks",)),
    Fact(DeliverySucceeded, "webhooks"),
    Fact(DeliveryExhausted, "webhooks"),
)

FACTS: Final[Mapping[str, Fact]] = {fact.event.TYPE: fact for fact in _FACTS}


def heard_by(service: str) -> Iterator[Fact]:
    """What arrives on that service's shared queue."""
    return (fact for fact in _FACTS if service in fact.heard_by)


def broadcast_to(service: str) -> Iterator[Fact]:
    """What every process of that service hears."""
    return (fact for fact in _FACTS if service in fact.broadcast_to)


def binding(fact: Fact) -> str:
    """The binding key that catches the fact for every kind of media."""
    return f"*.{fact.event.TYPE}" if "kind" in fact.event.model_fields else fact.event.TYPE
