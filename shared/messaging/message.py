"""What is said, and what arrives."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

CLOUD_EVENT = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to say.

    It goes to everyone bound to ``routing_key``; with ``queue`` it goes straight to that queue and to
    nobody else, and ``routing_key`` is only what its handler will see.  ``mandatory`` makes it an error
    that nobody is bound; straight to a queue that is always an error.  ``event_id`` stays the same when
    the same fact is said again.
    """

    routing_key: str
    body: bytes
    event_id: str
    content_type: str = CLOUD_EVENT
    headers: Mapping[str, str] = field(default_factory=dict)
    mandatory: bool = False
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One message as its handler sees it.

    ``failures`` counts the times a handler failed on it; ``redelivered`` says that an earlier delivery
    was never answered.  ``event_id`` is empty when whoever said it gave none.
    """

    routing_key: str
    body: bytes
    event_id: str
    content_type: str = CLOUD_EVENT
    headers: Mapping[str, str] = field(default_factory=dict)
    redelivered: bool = False
    failures: int = 0


Handler: TypeAlias = Callable[[Received], Awaitable[Sequence[Message]]]
"""Do the work, and return what is to be said of it.  It may be called again with the same message."""
