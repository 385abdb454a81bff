"""What others keep, in memory, for tests of what reads it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import timedelta

from shared.contracts.records.artifact import ArtifactRecord
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.clock import Clock
from shared.kernel.secret import Secret
from shared.market.book import Entry
from shared.market.offers import Offer, OfferStatus
from shared.providers.keys import KeyGone


class MemoryJobs:
    """See :class:`services.router.ports.Jobs`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: dict[str, JobRecord] = {}

    def put(self, job: JobRecord) -> None:
        """Keep a job as it now is."""
        self._jobs[job.id] = job

    async def find(self, job_id: str) -> JobRecord | None:
        return self._jobs.get(job_id)

    async def queued(self, older_than: timedelta, most: int, *, without: Container[str] = frozenset()) -> Sequence[str]:
        at = self._clock.now()
        found = [
            (job.expires_at, job.id)
            for job in self._jobs.values()
            if job.status is JobStatus.QUEUED and job.expires_at > at and job.created_at < at - older_than
        ]
        return [job_id for _, job_id in sorted(found) if job_id not in without][:most]


class MemoryArtifacts:
    """See :class:`services.router.ports.Artifacts`."""

    def __init__(self) -> None:
        self._artifacts: dict[tuple[str, int], ArtifactRecord] = {}

    def put(self, artifact: ArtifactRecord) -> None:
        """Keep an output as it now is."""
        self._artifacts[artifact.job_id, artifact.index] = artifact

    async def of_job(self, job_id: str) -> Sequence[ArtifactRecord]:
        return [artifact for artifact in self._artifacts.values() if artifact.job_id == job_id]


class MemoryOffers:
    """See :class:`services.router.ports.Offers`."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def put(self, offer: Offer, revision: int = 1) -> None:
        """Keep an offer as its seller leaves it."""
        self._entries[offer.id] = Entry(offer, revision)

    async def standing(self) -> Sequence[Entry]:
        return [entry for entry in self._entries.values() if entry.offer.status is not OfferStatus.WITHDRAWN]

    async def standing_for(self, model_id: str) -> Sequence[Entry]:
        return [entry for entry in await self.standing() if entry.offer.model == model_id]

    async def find(self, offer_id: str) -> Entry | None:
        return self._entries.get(offer_id)


class MemoryKeys:
    """See :class:`services.router.ports.Keys`: every key there is, but those of some offers."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    async def open(self, offer_id: str, key_id: str) -> Secret:
        if offer_id in self.gone:
            raise KeyGone(offer_id)
        return Secret(f"opened {key_id}")
