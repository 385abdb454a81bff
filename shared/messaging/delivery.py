"""One message in our hands, not yet answered for."""

from typing import Protocol

from shared.messaging.message import Received


class Delivery(Protocol):
    """What the consumer needs of a message, whichever broker it came from.

    ``copy`` names this copy of the message: a redelivery has the same, a second publish of the same
    event another.  It is empty when whoever said it gave none.
    """

    @property
    def received(self) -> Received:
        """The message as its handler sees it."""
        ...

    @property
    def copy(self) -> str:
        """The name of this copy."""
        ...

    @property
    def gone(self) -> bool:
        """Whether its channel is closed: it can no longer be answered, and comes again by itself."""
        ...

    async def ack(self) -> None:
        """Let the broker forget it.  Does nothing when it is gone."""
        ...

    async def hand_back(self) -> None:
        """Let somebody else have it, now.  Does nothing when it is gone."""
        ...
