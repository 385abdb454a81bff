"""Saying facts on the bus: enclosed, with the trace they belong to, confirmed by the broker."""

from __future__ import annotations

from typing import TypeAlias

from shared.contracts.addressed import Addressed, queue_name
from shared.contracts.envelope import enclose
from shared.contracts.event import Event
from shared.contracts.facts import FACTS
from shared.kernel.clock import Clock
from shared.messaging.bus import Publisher
from shared.messaging.message import Message
from shared.runtime.tracing import current_traceparent

Say: TypeAlias = Event | Addressed


class Announcer:
    """What says facts for one process."""

    def __init__(self, publisher: Publisher, clock: Clock) -> None:
        self._publisher = publisher
        self._clock = clock

    async def say(self, *facts: Say) -> None:
        """Return when the broker has every fact; raises a ``Transient`` when that is not known."""
        await self._publisher.publish(*(self.message(fact) for fact in facts))

    async def relay(self, *, routing_key: str, body: bytes, event_id: str, mandatory: bool) -> None:
        """Say a fact that was enclosed earlier and kept with its document."""
        await self._publisher.publish(Message(routing_key, body, event_id, mandatory=mandatory))

    def enclosed(self, event: Event) -> bytes:
        """The body that :meth:`relay` will say, for an outbox."""
        return enclose(event, at=self._clock.now(), traceparent=current_traceparent())

    def message(self, fact: Say) -> Message:
        """The fact as the broker takes it."""
        event, queue = (fact.event, queue_name(fact.service)) if isinstance(fact, Addressed) else (fact, None)
        return Message(
            event.routing_key,
            self.enclosed(event),
            event.event_id,
            mandatory=FACTS[event.TYPE].must_be_heard,
            queue=queue,
        )
