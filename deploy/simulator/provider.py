"""The provider at its best: the five calls, answered as Venice answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from deploy.simulator.answers import Answer, AudioAnswer, JsonAnswer
from deploy.simulator.bodies import CompleteBody, QueueBody, QuoteBody, RetrieveBody, read_body
from deploy.simulator.catalogue import Catalogue
from deploy.simulator.jobs import Job, Jobs
from deploy.simulator.keys import Keyring
from deploy.simulator.orders import find_model, quote, take_order
from deploy.simulator.studio import Studio

CONTENT_TYPES: Final = {"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac"}
PATIENCE: Final = 1.0
"""Seconds a look waits for a rendering that is due but not finished."""


def processing(job: Job, now: float) -> JsonAnswer:
    """What a look hears while its job is being worked on."""
    elapsed = round((now - job.accepted_at) * 1000)
    body = {
        "status": "PROCESSING",
        "average_execution_time": job.expected_ms,
        "execution_duration": max(0, elapsed),
    }
    return JsonAnswer(body)


class Provider:
    """Every method returns an answer or raises a refusal.  ``clock`` gives Unix seconds."""

    def __init__(
        self, *, catalogue: Catalogue, keys: Keyring, jobs: Jobs, studio: Studio, clock: Callable[[], float]
    ) -> None:
        self._catalogue = catalogue
        self._keys = keys
        self._jobs = jobs
        self._studio = studio
        self._clock = clock

    async def models(self, kind: str) -> Answer:
        """The list of models; all of them make audio, so any other kind has none."""
        data = [model.listing for model in self._catalogue] if kind in {"music", "all"} else []
        return JsonAnswer({"object": "list", "type": kind, "data": data})

    async def quote(self, document: object) -> Answer:
        """The price of a request, as a JSON number of dollars."""
        body = read_body(QuoteBody, document)
        return JsonAnswer({"quote": float(quote(find_model(self._catalogue, body.model), body))})

    async def queue(self, document: object, key: str) -> Answer:
        """Take a job on, charge for it and start rendering."""
        body = read_body(QueueBody, document)
        order = take_order(find_model(self._catalogue, body.model), body)
        self._keys.charge(key, order.price)
        job = self._jobs.accept(order, key, self._clock())
        self._studio.begin(order)
        return JsonAnswer({"model": order.model, "queue_id": job.queue_id, "status": "QUEUED"})

    async def retrieve(self, document: object, key: str) -> Answer:
        """The audio once it is due and rendered, until then how far along it is."""
        body = read_body(RetrieveBody, document)
        job = self._jobs.find(body.queue_id, model=body.model, key=key)
        if (now := self._clock()) < job.due_at:
            return processing(job, now)
        audio = await self._studio.audio(job.order, patience=PATIENCE)
        if audio is None:
            return processing(job, self._clock())
        return AudioAnswer(audio, CONTENT_TYPES[job.order.audio_format])

    async def complete(self, document: object, key: str) -> Answer:
        """Delete a job's media.  Saying so again is a success as well."""
        body = read_body(CompleteBody, document)
        job = self._jobs.find(body.queue_id, model=body.model, key=key, deleted_too=True)
        job.deleted_at = job.deleted_at or self._clock()
        return JsonAnswer({"success": True})
