"""Exchanges and queues as values: every name and argument that the broker will ever see from us.

The arguments never change for a name, because a broker refuses to declare a queue again with others.
They mean the same on RabbitMQ 3.10 and 4.x.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

LADDER: Final = tuple(timedelta(seconds=s) for s in (1, 5, 30, *(120,) * 7))
"""What a handler that was not ready waits, failure by failure; in all a little less than a job's life."""

SHORT_LADDER: Final = LADDER[:3]
"""The same for a bug, which time rarely mends."""

_WITHOUT_LIMIT: Final = 1_000_000_000
"""Looking at a dead letter counts as a delivery, and 4.x would delete it after 20 of them."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The durable topic exchange that facts are said on."""

    name: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """One durable quorum queue as the broker is asked for it, and what it is bound to."""

    name: str
    arguments: Mapping[str, str | int]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue whose messages are divided among the replicas of one service.

    ``keys`` are topic patterns on the exchange.  ``prefetch`` is how many messages one process works on
    at once.  A message that was delivered ``delivery_limit`` times without an answer (it kills its
    process, say) goes to the dead letters.  No queue grows beyond ``max_length``: the broker then refuses
    what is published to it.
    """

    name: str
    keys: tuple[str, ...]
    prefetch: int = 50
    delivery_limit: int = 10
    max_length: int = 1_000_000
    ladder: tuple[timedelta, ...] = LADDER
    short_ladder: tuple[timedelta, ...] = SHORT_LADDER

    @property
    def dead(self) -> str:
        """The queue of what was set aside."""
        return f"{self.name}.dead"

    @property
    def delays(self) -> tuple[timedelta, ...]:
        """Every delay that a message may wait, shortest first: one retry queue each."""
        return tuple(sorted({*self.ladder, *self.short_ladder}))

    def retry(self, delay: timedelta) -> str:
        """The queue whose messages come back after ``delay``, which is one of ``delays``."""
        return f"{self.name}.retry.{delay.total_seconds():g}s"

    def fitting(self, after: timedelta) -> timedelta:
        """The shortest delay that is not below ``after``, or the longest there is."""
        return next((delay for delay in self.delays if delay >= after), self.delays[-1])

    def declarations(self) -> tuple[Declaration, ...]:
        """The queue with everything that belongs to it; a target always before what points at it."""
        return (
            Declaration(self.dead, self._arguments() | {"x-delivery-limit": _WITHOUT_LIMIT}),
            *(
                Declaration(
                    self.retry(delay),
                    self._arguments()
                    | _dead_lettered_to(self.name)
                    | {"x-message-ttl": int(delay.total_seconds() * 1000)},
                )
                for delay in self.delays
            ),
            Declaration(
                self.name,
                self._arguments() | _dead_lettered_to(self.dead) | {"x-delivery-limit": self.delivery_limit},
                self.keys,
            ),
        )

    def _arguments(self) -> dict[str, str | int]:
        return {
            "x-queue-type": "quorum",
            "x-overflow": "reject-publish",
            "x-max-length": self.max_length,
        }


def _dead_lettered_to(queue: str) -> dict[str, str | int]:
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
    }


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A queue of each process's own, gone with its connection: everybody hears everything.

    What is said while a process is not connected it never hears, so it must load its state anew
    each time the queue was bound.  There is no second try and no dead letter.
    """

    keys: tuple[str, ...]
    prefetch: int = 200
    max_length: int = 100_000

    @property
    def name(self) -> str:
        """What log lines call it; the broker gives each process's queue a name of its own."""
        return "broadcast"


Source = Queue | Broadcast
