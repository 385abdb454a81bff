"""A delivery: one ending on its way to one URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.contracts.records.delivery import DeliveryState
from shared.contracts.records.job import JobRecord
from shared.egress.hosts import canonical_host
from shared.egress.refusals import UrlNotAllowed
from shared.kernel.ids import derived_id

TEST_TYPE: Final = "webhook.test"

RETENTION: Final = timedelta(days=30)
"""How long a delivery is kept and can be sent again: as long as the job that it speaks of."""

_HOST: Final = re.compile(r"[^:]*://(\[[^\]]*\]|[^:/?#]*)(:[0-9]{1,5})?")
_LONGEST_HOST: Final = 253


@dataclass(frozen=True, slots=True)
class Delivery:
    """One ending (or a test) for one URL; ``id`` is the same however often the ending is heard."""

    id: str
    buyer_id: str
    job_id: str | None
    type: str
    url: str
    happened_at: datetime

    @property
    def message_id(self) -> str:
        """The ``webhook-id``: without dots, and stable across attempts, so that a receiver can tell a repetition."""
        return f"msg_{derived_id(self.id).replace('-', '')}"

    @property
    def is_test(self) -> bool:
        """Whether it is sent once and no more, to show that the way is open."""
        return self.type == TEST_TYPE

    @property
    def host(self) -> str:
        """Whose receiver it is.  Never raises.

        In public whatever the port, so that many ports are not many receivers; but inside, where one machine
        plays them all, each port is a receiver of its own.
        """
        found = _HOST.match(self.url)
        if found is None:
            return ""
        host = found[1].lower()[:_LONGEST_HOST]
        return host if _is_public(host) else host + (found[2] or "")


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose next attempt may be claimed; ``late`` is for how long that has been so."""

    id: str
    host: str
    late: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery whose next attempt, the ``attempt``-th, is ours as long as nobody else holds a later ``token``."""

    delivery: Delivery
    attempt: int
    token: str
    traceparent: str | None
    """The trace in which the delivery was asked for."""
    step: int = 1
    """Where on the ladder it stands, from 1: an attempt that the buyer asked for stays on the step before it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended, for now: its buyer may have it sent again."""

    delivery_id: str
    buyer_id: str
    state: DeliveryState
    attempts: int
    reason: str | None


def _is_public(host: str) -> bool:
    try:
        canonical_host(host, allow_private=False)
    except UrlNotAllowed:
        return False
    return True


def of_job(job: JobRecord) -> Delivery | None:
    """The one delivery of an ended job; None where its buyer did not ask for any."""
    if job.webhook_url is None or job.ended_at is None:
        return None
    return Delivery(
        id=f"{job.id}:{job.status.value}",
        buyer_id=job.buyer_id,
        job_id=job.id,
        type=f"{job.kind}.generation.{job.status.value}",
        url=job.webhook_url,
        happened_at=job.ended_at,
    )
