"""What was set aside, for a person to look at, send again or drop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.messaging import headers
from shared.messaging.message import Message, Received
from shared.messaging.topology import Queue


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that was set aside.

    ``id`` names it while it lies there.  ``reason`` is ours (a ``Reason``), or the broker's own word when
    it was the broker that gave the message up; ``code`` is the rule that refused, if one did; ``error``
    is the name of the exception's type.
    """

    id: str
    received: Received
    reason: str
    code: str
    error: str

    def again(self, queue: Queue) -> Message:
        """The message on its way to ``queue`` as if it had never failed."""
        received = self.received
        return Message(
            routing_key=received.routing_key,
            body=received.body,
            event_id=received.event_id,
            content_type=received.content_type,
            headers=received.headers,
            queue=queue.name,
        )


def letter(letter_id: str, found: Mapping[str, object], *, body: bytes, content_type: str) -> DeadLetter:
    """The dead letter, from what lies in the queue."""
    death = _death(found)
    return DeadLetter(
        id=letter_id,
        received=headers.arrived(
            found, routing_key=death.routing_key, body=body, content_type=content_type, redelivered=True
        ),
        reason=headers.text(found, headers.REASON) or death.reason,
        code=headers.text(found, headers.CODE),
        error=headers.text(found, headers.ERROR),
    )


@dataclass(frozen=True, slots=True)
class _Death:
    """What the broker noted when it moved the message by itself."""

    reason: str = ""
    routing_key: str = ""


def _death(found: Mapping[str, object]) -> _Death:
    deaths = found.get("x-death")
    last = deaths[0] if isinstance(deaths, list) and deaths else None
    if not isinstance(last, Mapping):
        return _Death()
    keys = last.get("routing-keys")
    return _Death(
        reason=str(last.get("reason", "")), routing_key=str(keys[0]) if isinstance(keys, list) and keys else ""
    )


class DeadLetters(Protocol):
    """The dead letters of one queue.  Looking loses nothing; who looks while another looks sees fewer."""

    async def oldest(self, limit: int = 100) -> Sequence[DeadLetter]:
        """The oldest ``limit`` of them; none when the queue was never declared."""
        ...

    async def show(self, letter_id: str) -> DeadLetter | None:
        """That one, if it is among the oldest 1000."""
        ...

    async def replay(self, letter_id: str) -> bool:
        """Send it to its queue again with its failures forgotten; False when it is not there.

        Raises ``PublishFailed`` and keeps it when the queue did not take it.
        """
        ...

    async def drop(self, letter_id: str) -> bool:
        """Forget it for good; False when it is not there."""
        ...
