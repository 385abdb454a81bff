"""Everything an attempt needs, in memory, with a clock that stands and a receiver that answers as told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.webhooks.adapters.memory_deliveries import MemoryDeliveries
from services.webhooks.adapters.memory_readings import MemoryJobs, MemorySecrets
from services.webhooks.domain.answer import Answer, Answered
from services.webhooks.domain.delivery import Claimed
from services.webhooks.domain.ladder import LADDER, Ladder
from services.webhooks.handlers.compose_post import Composing
from services.webhooks.handlers.conclude_attempt import Concluding, conclude_attempt
from services.webhooks.handlers.send_attempt import Sending, send_attempt
from services.webhooks.ports import Post
from shared.contracts.event import Event
from shared.contracts.job_view import job_view
from shared.contracts.records.job import JobRecord
from shared.kernel.errors import Transient
from tests.kit.clocks import StoppedClock
from tests.unit.services.webhooks.samples import AT, BUYER, SECRET, middle

LEASE = timedelta(minutes=1)


class PlainViews:
    """``JobViews`` whose links tell when they were made."""

    async def view(self, job: JobRecord, at: datetime) -> dict[str, Any]:
        return job_view(
            job, url_of=lambda result: f"https://objects.example/{at:%H%M%S}", public_url="https://api.example", at=at
        )


@dataclass
class ScriptedReceiver:
    """Answers one after the other as told, 200 when nothing is left, and keeps what it got."""

    answers: list[Answer] = field(default_factory=list)
    got: list[Post] = field(default_factory=list)
    meanwhile: Callable[[], Any] | None = None

    async def post(self, post: Post) -> Answer:
        self.got.append(post)
        if self.meanwhile is not None:
            await self.meanwhile()
        return self.answers.pop(0) if self.answers else Answered(200)


@dataclass
class Heard:
    """``Announcer`` that keeps what was said; ``broken`` while there is no broker."""

    facts: list[Event] = field(default_factory=list)
    broken: bool = False

    async def say(self, *facts: Event) -> None:
        if self.broken:
            raise Transient("no broker")
        self.facts += facts


class World:
    """A webhooks process."""

    def __init__(self, ladder: Ladder = LADDER) -> None:
        self.clock = StoppedClock(AT)
        self.jobs = MemoryJobs()
        self.secrets = MemorySecrets()
        self.secrets.put(BUYER, SECRET)
        self.deliveries = MemoryDeliveries(self.clock)
        self.receiver = ScriptedReceiver()
        self.heard = Heard()
        self.woken = 0
        composing = Composing(self.jobs, self.secrets, PlainViews(), self.clock)
        self.sending = Sending(composing, self.receiver, self.clock)
        self.concluding = Concluding(self.deliveries, self.heard, ladder, middle)

    async def attempt(self, claimed: Claimed) -> None:
        """Make the attempt that was claimed, and conclude it."""
        await conclude_attempt(await send_attempt(claimed, self.sending), self.concluding)

    def wake(self) -> None:
        self.woken += 1

    async def claimed(self, delivery_id: str) -> Claimed:
        claim = await self.deliveries.claim(delivery_id, lease=LEASE)
        assert claim is not None
        return claim
