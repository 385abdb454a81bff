"""What one job cannot do without: commands, publishes and deliveries, as they were counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bench.tally import Tally
from shared.contracts.facts import FACTS
from shared.messaging.routing import matches

RAW: Final = ("insert", "find", "update", "findAndModify", "delete")
"""The commands that the floor repeats; others are rounds of sweeps."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Counts for one job.  ``shared`` are the collections in which all jobs meet in one document."""

    commands: Mapping[tuple[str, str], int]
    shared: frozenset[str]
    document_bytes: Mapping[str, int]
    publishes: Mapping[str, int]
    """By routing key."""
    body_bytes: int = 0
    """Of the object that is stored; none is when this is 0."""

    @property
    def writes(self) -> int:
        """Acknowledged by a majority and journaled, each of them."""
        return sum(count for (verb, _), count in self.commands.items() if verb != "find")

    @property
    def reads(self) -> int:
        """At majority."""
        return sum(count for (verb, _), count in self.commands.items() if verb == "find")

    @property
    def published(self) -> int:
        """With confirms."""
        return sum(self.publishes.values())

    @property
    def delivered(self) -> int:
        """Each acknowledged, one process a service."""
        return sum(count * len(hearers(key)) for key, count in self.publishes.items())


def mix_of(tally: Tally, jobs: int, *, body_bytes: int = 0) -> Mix:
    """What a job took on average, in whole commands and publishes; rounds of sweeps are too few to count."""
    commands = {key: round(count / jobs) for key, count in tally.commands.items() if key[0] in RAW}
    return Mix(
        commands={key: count for key, count in commands.items() if count},
        shared=frozenset(name for name, number in tally.documents.items() if number < jobs),
        document_bytes=tally.document_bytes,
        publishes={key: each for key, count in tally.facts.items() if (each := round(count / jobs))},
        body_bytes=body_bytes,
    )


def hearers(routing_key: str) -> tuple[str, ...]:
    """The queues that a publish reaches when each service is one process; the exclusive ones begin with ``each``."""
    fact = next(fact for name, fact in FACTS.items() if matches(f"*.{name}", routing_key) or name == routing_key)
    return (*fact.heard_by, *(f"each.{service}" for service in fact.broadcast_to))
