"""A broker in memory, as far as our topology goes: it reads the same declarations that RabbitMQ does."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.messaging.failures import Refused, Unroutable
from shared.messaging.headers import travelling
from shared.messaging.message import Message
from shared.messaging.routing import matches
from shared.messaging.topology import Declaration


@dataclass(frozen=True, slots=True)
class Stored:
    """One message as the broker keeps it; ``returns`` counts the deliveries that were never answered."""

    copy: str
    routing_key: str
    body: bytes
    content_type: str
    headers: Mapping[str, str]
    returns: int = 0


class Line(Protocol):
    """A consumer's end."""

    @property
    def has_room(self) -> bool:
        """Whether it holds less than its prefetch."""
        ...

    def take(self, stored: Stored) -> None:
        """Receive one message."""
        ...


@dataclass(slots=True, eq=False)
class _Store:
    declaration: Declaration
    ready: deque[Stored] = field(default_factory=deque)
    lines: deque[Line] = field(default_factory=deque)

    def number(self, argument: str) -> int | None:
        value = self.declaration.arguments.get(argument)
        return value if isinstance(value, int) else None

    @property
    def target(self) -> str | None:
        value = self.declaration.arguments.get("x-dead-letter-routing-key")
        return str(value) if value is not None else None


class MemoryBroker:
    """Queues, bindings and messages, shared by the buses of several processes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stores: dict[str, _Store] = {}
        self._expiries: set[asyncio.Task[None]] = set()

    def declare(self, declaration: Declaration) -> None:
        """Have that queue; once is as good as twice."""
        self._stores.setdefault(declaration.name, _Store(declaration))

    def delete(self, name: str) -> None:
        """Forget a queue with all that is in it."""
        self._stores.pop(name, None)

    def ready(self, name: str) -> deque[Stored]:
        """What lies in a queue and nobody holds; of an unknown queue, nothing."""
        store = self._stores.get(name)
        return store.ready if store else deque()

    def publish(self, message: Message) -> None:
        """Route one message.  Raises ``Unroutable`` or ``Refused`` as the real broker answers."""
        targets = self._targets(message)
        if not targets and (message.mandatory or message.queue is not None):
            raise Unroutable(f"no queue is bound for {message.queue or message.routing_key}")
        for store in targets:
            if len(store.ready) >= (store.number("x-max-length") or len(store.ready) + 1):
                raise Refused(f"{store.declaration.name} is full")
        copy = new_id()
        key = message.queue or message.routing_key
        for store in targets:
            self._put(store, Stored(copy, key, message.body, message.content_type, travelling(message)))

    def attach(self, name: str, line: Line) -> None:
        """Let ``line`` consume a queue."""
        store = self._stores[name]
        store.lines.append(line)
        self._push(store)

    def detach(self, name: str, line: Line) -> None:
        """End that; the line keeps what it holds."""
        if (store := self._stores.get(name)) and line in store.lines:
            store.lines.remove(line)

    def room(self, name: str) -> None:
        """Hear that a line of the queue answered for a message."""
        if store := self._stores.get(name):
            self._push(store)

    def give_back(self, name: str, stored: Stored) -> None:
        """Take an unanswered message back to the head of its queue, or aside when that was too often."""
        store = self._stores.get(name)
        if store is None:
            return
        returned = replace(stored, returns=stored.returns + 1)
        limit = store.number("x-delivery-limit")
        if limit is not None and returned.returns > limit:
            self._dead_letter(store, returned)
        else:
            store.ready.appendleft(returned)
        self._push(store)

    def _targets(self, message: Message) -> list[_Store]:
        if message.queue is not None:
            return [self._stores[message.queue]] if message.queue in self._stores else []
        return [
            store
            for store in self._stores.values()
            if any(matches(key, message.routing_key) for key in store.declaration.keys)
        ]

    def _put(self, store: _Store, stored: Stored) -> None:
        store.ready.append(stored)
        if ttl := store.number("x-message-ttl"):
            expiry = asyncio.create_task(self._expire(store, stored, ttl / 1000))
            self._expiries.add(expiry)
            expiry.add_done_callback(self._expiries.discard)
        self._push(store)

    async def _expire(self, store: _Store, stored: Stored, seconds: float) -> None:
        await self._clock.sleep(seconds)
        if stored in store.ready:
            store.ready.remove(stored)
            self._dead_letter(store, stored)

    def _dead_letter(self, store: _Store, stored: Stored) -> None:
        if store.target is not None and (target := self._stores.get(store.target)):
            self._put(target, replace(stored, routing_key=store.target, returns=0))

    def _push(self, store: _Store) -> None:
        while store.ready and (line := next((line for line in store.lines if line.has_room), None)):
            store.lines.remove(line)
            store.lines.append(line)
            line.take(store.ready.popleft())
