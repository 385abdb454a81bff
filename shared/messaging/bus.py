"""What a service sees of the broker."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, Protocol, TypeAlias

from shared.messaging.dead_letters import DeadLetters
from shared.messaging.message import Handler, Message
from shared.messaging.topology import Queue, Source

HANDLER_DEADLINE: Final = timedelta(seconds=60)

OnBound: TypeAlias = Callable[[], Awaitable[None]]
"""Load what the missed broadcasts would have told.  Called after binding, before the first message."""


class Publisher(Protocol):
    """Says messages."""

    async def publish(self, *messages: Message, within: timedelta | None = None) -> None:
        """Return when the broker has taken over every one of ``messages``, in no particular order.

        Raises a ``PublishFailed`` when that is not known ``within`` the time given (10 s unless told);
        some of them may then be out, so all must be said again.
        """
        ...


class Bus(Protocol):
    """One process's line to the broker, its queues and its handlers."""

    @property
    def publisher(self) -> Publisher:
        """Says messages from the first connection until ``stop`` returns."""
        ...

    @property
    def healthy(self) -> bool:
        """Whether everything that was subscribed is being consumed, by the broker's own account."""
        ...

    def subscribe(
        self,
        source: Source,
        handler: Handler,
        *,
        deadline: timedelta | None = HANDLER_DEADLINE,
        on_bound: OnBound | None = None,
    ) -> None:
        """Have ``handler`` called with every message of ``source``; only before ``start``.

        A handler that takes longer than ``deadline`` is cancelled and its message tried again.  With
        ``None`` the message is a lease, held as long as the handler likes, and given up at once by ``stop``.
        ``on_bound`` runs each time the queue is bound anew, so that a broadcast's gap can be filled.
        """
        ...

    async def start(self) -> None:
        """Return when the topology stands and every subscription is being consumed.

        Broadcasts are bound, and their ``on_bound`` has returned, before any shared queue is consumed.
        Waits for a broker that is not there yet.
        """
        ...

    async def drain(self, within: timedelta) -> None:
        """Take no new work, let running handlers end ``within`` that time, hand back the rest.

        Facts can be said until ``stop``.
        """
        ...

    async def stop(self, within: timedelta) -> None:
        """Drain, and close."""
        ...

    def dead_letters(self, queue: Queue) -> DeadLetters:
        """What was set aside from ``queue``, which may be another service's."""
        ...
