"""What everything that keeps or forgets audio shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.artifacts.domain.copies import Copy
from services.artifacts.handlers.streams import Streams
from services.artifacts.ports import Announcer, Copies, Jobs, Keys, Objects, Outputs
from shared.kernel.clock import Clock
from shared.market.kinds import Kind
from shared.providers.provider import Access, Handed, Provider


@dataclass(frozen=True, slots=True)
class Keeping:
    """The world of one process."""

    jobs: Jobs
    outputs: Outputs
    copies: Copies
    objects: Objects
    keys: Keys
    providers: Mapping[str, Provider]
    kinds: Mapping[str, Kind]
    announcer: Announcer
    clock: Clock
    retention: timedelta
    streams: Streams


async def access(copy: Copy, world: Keeping) -> Access:
    """How to ask the provider that has ``copy``."""
    return Access(copy.base_url, await world.keys.open(copy.offer_id, copy.key_id))


def handed(copy: Copy) -> Handed:
    """The copy as its provider knows it."""
    return Handed(copy.provider_model, copy.provider_job_id, copy.kind)
