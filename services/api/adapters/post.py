"""Letters on their way to the broker, out of the way of whoever wrote them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog

from services.api.domain.outbox import Letter
from services.api.ports import Outbox
from shared.contracts.event import Event
from shared.contracts.facts import FACTS
from shared.kernel.clock import Clock, in_millis
from shared.kernel.errors import Transient
from shared.runtime.announcer import Announcer
from shared.storage.mongo import UNAVAILABLE

MOST_UNDER_WAY: Final = 500
"""Letters sent at once by one process; beyond that they wait in their outboxes for the sweep."""
LAST_WAIT: Final = timedelta(seconds=3)

log = structlog.get_logger(__name__)


class BusPost:
    """See :class:`services.api.ports.Post`."""

    def __init__(self, announcer: Announcer, clock: Clock) -> None:
        self._announcer = announcer
        self._clock = clock
        self._under_way: set[asyncio.Task[None]] = set()

    def letter(self, event: Event) -> Letter:
        return Letter(
            event_id=event.event_id,
            routing_key=event.routing_key,
            body=self._announcer.enclosed(event),
            mandatory=FACTS[event.TYPE].must_be_heard,
            at=in_millis(self._clock.now()),
        )

    def send(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        if len(self._under_way) >= MOST_UNDER_WAY:
            return
        task = asyncio.create_task(self._try(outbox, document_id, letter))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def deliver(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        await self._announcer.relay(
            routing_key=letter.routing_key,
            body=letter.body,
            event_id=letter.event_id,
            mandatory=letter.mandatory,
        )
        await outbox.pull(document_id, letter.event_id)

    async def close(self) -> None:
        """Let what is under way arrive, for a moment; the rest stays in its outbox."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=LAST_WAIT.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _try(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        try:
            await self.deliver(outbox, document_id, letter)
        except (Transient, *UNAVAILABLE) as error:
            log.warning("letter left for the sweep", routing_key=letter.routing_key, error=type(error).__name__)


@asynccontextmanager
async def open_post(announcer: Announcer, clock: Clock) -> AsyncIterator[BusPost]:
    """A post that is closed at the end."""
    post = BusPost(announcer, clock)
    try:
        yield post
    finally:
        await post.close()
