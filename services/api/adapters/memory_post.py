"""A post without a broker, that keeps what was said."""

from __future__ import annotations

from services.api.domain.outbox import Letter
from services.api.ports import Outbox
from shared.contracts.envelope import disclose, enclose
from shared.contracts.event import Event
from shared.contracts.facts import FACTS
from shared.kernel.clock import Clock, in_millis
from shared.kernel.errors import Transient


class MemoryPost:
    """See :class:`services.api.ports.Post`.  While ``broken``, nothing arrives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.broken = False
        self.said: list[Event] = []
        self._sent: list[tuple[Outbox, str, Letter]] = []

    def letter(self, event: Event) -> Letter:
        now = self._clock.now()
        return Letter(
            event_id=event.event_id,
            routing_key=event.routing_key,
            body=enclose(event, at=now, traceparent=None),
            mandatory=FACTS[event.TYPE].must_be_heard,
            at=in_millis(now),
        )

    def send(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        if not self.broken:
            self._sent.append((outbox, document_id, letter))

    async def deliver(self, outbox: Outbox, document_id: str, letter: Letter) -> None:
        if self.broken:
            raise Transient("nothing arrives")
        self.said.append(disclose(letter.body).event)
        await outbox.pull(document_id, letter.event_id)

    async def arrive(self) -> list[Event]:
        """Let everything that was sent arrive, and give all that was ever said."""
        sent, self._sent = self._sent, []
        for outbox, document_id, letter in sent:
            await self.deliver(outbox, document_id, letter)
        return self.said
