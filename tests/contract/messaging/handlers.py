"""Handlers for tests."""

import asyncio
from collections.abc import Sequence

from shared.messaging.message import Message, Received
from tests.contract.messaging.observed import Heard


def fact(key: str, event_id: str = "event-1", *, mandatory: bool = True, queue: str | None = None) -> Message:
    """A message that says little."""
    return Message(key, b'{"a": 1}', event_id, headers={"traceparent": "00-1"}, mandatory=mandatory, queue=queue)


class Listener:
    """Remembers what it heard, and answers each with the same messages or the same error."""

    def __init__(self, *says: Message, fails: BaseException | None = None) -> None:
        self.heard: Heard[Received] = Heard()
        self._says = says
        self._fails = fails

    async def __call__(self, received: Received) -> Sequence[Message]:
        self.heard.append(received)
        if self._fails is not None:
            raise self._fails
        return self._says


class Gate:
    """Holds whatever it is handed until it is opened, and then says that it was, on ``says``."""

    def __init__(self, says: str | None = None) -> None:
        self.entered: Heard[Received] = Heard()
        self.inside = 0
        self.most_inside = 0
        self._says = says
        self._open = asyncio.Event()

    def open(self) -> None:
        self._open.set()

    async def __call__(self, received: Received) -> Sequence[Message]:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        self.entered.append(received)
        try:
            await self._open.wait()
        finally:
            self.inside -= 1
        return [fact(self._says, f"{received.event_id} was held")] if self._says else []
