"""What a service hears, as one table: the type of an event and the use case that it starts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

import structlog

from shared.contracts.addressed import queue_name
from shared.contracts.envelope import Heard, disclose
from shared.contracts.event import Event
from shared.contracts.facts import Fact, binding, broadcast_to, heard_by
from shared.kernel.errors import Transient, Unusable
from shared.messaging.bus import HANDLER_DEADLINE, Bus, OnBound
from shared.messaging.message import Handler, Message, Received
from shared.messaging.topology import Broadcast, Queue
from shared.runtime.announcer import Announcer, Say
from shared.runtime.tracing import span
from shared.storage.mongo import UNAVAILABLE

Hears: TypeAlias = Callable[[Any], Awaitable[Sequence[Say]]]


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """``hears`` is the shared queue, divided among replicas; ``listens`` reaches every process.

    ``on_bound`` loads what missed broadcasts would have told, before the first message.
    ``deadline`` is how long one message may take; None for a message that is a lease.
    """

    hears: Mapping[type[Event], Hears]
    listens: Mapping[type[Event], Hears] = field(default_factory=dict)
    on_bound: OnBound | None = None
    prefetch: int = 50
    delivery_limit: int = 10
    deadline: timedelta | None = HANDLER_DEADLINE


def subscribe(service: str, subscriptions: Subscriptions, bus: Bus, announcer: Announcer) -> None:
    """Put the table on the bus.  Refuses one that differs from the catalogue of facts."""
    heard, listened = tuple(heard_by(service)), tuple(broadcast_to(service))
    _check(f"{service} hears", subscriptions.hears, heard)
    _check(f"{service} listens to", subscriptions.listens, listened)
    if listened:
        bus.subscribe(
            Broadcast(tuple(binding(fact) for fact in listened)),
            _handler(subscriptions.listens, announcer),
            on_bound=subscriptions.on_bound,
        )
    bus.subscribe(
        Queue(
            queue_name(service),
            tuple(binding(fact) for fact in heard),
            prefetch=subscriptions.prefetch,
            delivery_limit=subscriptions.delivery_limit,
        ),
        _handler(subscriptions.hears, announcer),
        deadline=subscriptions.deadline,
    )


def _check(what: str, table: Mapping[type[Event], Hears], facts: Iterable[Fact]) -> None:
    expected = {fact.event for fact in facts}
    if set(table) != expected:
        differing = ", ".join(sorted(event.TYPE for event in set(table) ^ expected))
        raise ValueError(f"{what} something else than the catalogue of facts says: {differing}")


def _handler(table: Mapping[type[Event], Hears], announcer: Announcer) -> Handler:
    async def handle(received: Received) -> list[Message]:
        heard = disclose(received.body)
        hears = table.get(type(heard.event))
        if hears is None:
            raise Unusable(f"{heard.event.TYPE} is not for this queue")
        with span(heard.event.TYPE, heard.traceparent) as trace_id:
            structlog.contextvars.bind_contextvars(trace_id=trace_id, **_ids(heard))
            try:
                said = await hears(heard.event)
            except UNAVAILABLE as error:
                raise Transient(f"the database is not available: {type(error).__name__}") from error
            return [announcer.message(fact) for fact in said]

    return handle


def _ids(heard: Heard) -> dict[str, Any]:
    """What joins the log lines of one story."""
    fields = ("job_id", "attempt", "offer_id", "delivery_id")
    return {name: getattr(heard.event, name) for name in fields if hasattr(heard.event, name)}
