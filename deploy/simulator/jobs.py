"""The jobs that were accepted, and what has been asked about each."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from deploy.simulator.keys import KeyName, name_of
from deploy.simulator.orders import Order
from deploy.simulator.refusals import refuse

SHORTEST: Final = 3.0
LONGEST: Final = 6.0
"""A job takes between these many seconds, the same for the same order."""


@dataclass(slots=True)
class Job:
    """One accepted order.  Instants are Unix seconds."""

    queue_id: str
    order: Order
    key: KeyName
    accepted_at: float
    due_at: float
    looks: int = 0
    full_retrieves: int = 0
    completes: int = 0
    deleted_at: float | None = None

    @property
    def expected_ms(self) -> int:
        """How long the provider says such a job takes: a little more than it does."""
        return round((self.due_at - self.accepted_at) * 1200)

    def note(self, endpoint: str, *, full: bool) -> None:
        """Count a call about this job; a retrieve that did not get all of the audio is a look."""
        self.full_retrieves += full
        self.looks += endpoint == "retrieve" and not full
        self.completes += endpoint == "complete"

    def view(self) -> dict[str, object]:
        """The job as ``GET /control/jobs`` shows it."""
        return {
            "queue_id": self.queue_id,
            "model": self.order.model,
            "key_suffix": self.key.suffix,
            "prompt": self.order.prompt,
            "duration_seconds": self.order.seconds,
            "price_usd": str(self.order.price),
            "accepted_at": self.accepted_at,
            "due_at": self.due_at,
            "looks": self.looks,
            "full_retrieves": self.full_retrieves,
            "completes": self.completes,
            "deleted_at": self.deleted_at,
        }


class Jobs:
    """Every accepted job, by its queue id."""

    def __init__(self, render_seconds: float | None) -> None:
        self.render_seconds = render_seconds
        self._jobs: dict[str, Job] = {}

    def accept(self, order: Order, key: str, now: float) -> Job:
        """Take an order on, under a queue id of its own."""
        job = Job(str(uuid.uuid4()), order, name_of(key), now, now + self._takes(order))
        self._jobs[job.queue_id] = job
        return job

    def find(self, queue_id: str, *, model: str, key: str, deleted_too: bool = False) -> Job:
        """The job of that key and model, or a 404 refusal; also when its media is gone, unless ``deleted_too``."""
        job = self._jobs.get(queue_id)
        if job is None or job.order.model != model or job.key != name_of(key):
            raise refuse(404)
        if job.deleted_at is not None and not deleted_too:
            raise refuse(404)
        return job

    def get(self, queue_id: str | None) -> Job | None:
        """The job of that id, whoever owns it."""
        return None if queue_id is None else self._jobs.get(queue_id)

    def select(self, *, queue_id: str | None = None, model: str | None = None, key: str | None = None) -> Iterator[Job]:
        """Jobs in the order they were accepted; what is None matches any.  ``key`` is a whole key."""
        name = None if key is None else name_of(key)
        for job in self._jobs.values():
            if queue_id in {None, job.queue_id} and model in {None, job.order.model} and name in {None, job.key}:
                yield job

    def latest(self) -> Job | None:
        """The job accepted last."""
        return next(reversed(self._jobs.values()), None)

    def forget(self) -> None:
        self._jobs.clear()

    def _takes(self, order: Order) -> float:
        if self.render_seconds is not None:
            return self.render_seconds
        share = int.from_bytes(order.digest[:4], "big") / 2**32
        return SHORTEST + share * (LONGEST - SHORTEST)
