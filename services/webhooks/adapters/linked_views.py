"""The job as GET shows it, its links signed anew."""

from __future__ import annotations

from datetime import datetime

from shared.contracts.job_view import Links, linked_view
from shared.contracts.records.job import JobRecord


class LinkedViews:
    """See :class:`services.webhooks.ports.JobViews`."""

    def __init__(self, links: Links, public_url: str) -> None:
        self._links = links
        self._public_url = public_url

    async def view(self, job: JobRecord, at: datetime) -> dict[str, object]:
        return await linked_view(job, links=self._links, public_url=self._public_url, at=at)
