"""The job as its buyer sees it: what GET answers, and what a webhook carries."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeAlias

from shared.contracts.records.job import JobRecord, JobStatus, Result
from shared.kernel.clock import unix
from shared.kernel.money import ZERO

PresignedUrl: TypeAlias = Callable[[Result], str]
"""A URL good for a while at which an object can be read."""

_MOST_BEFORE_THE_END: Final = 99
_DONE: Final = 100
_HALF_SECOND: Final = timedelta(milliseconds=500)


class Links(Protocol):
    """What signs links to objects."""

    async def link(self, key: str, *, content_type: str, filename: str) -> str:
        """A URL good for a while at which the object can be read under ``filename``."""
        ...


async def linked_view(job: JobRecord, *, links: Links, public_url: str, at: datetime) -> dict[str, Any]:
    """:func:`job_view` with a link signed for every object that is still there."""
    urls = {
        result.index: await links.link(result.key, content_type=result.content_type, filename=filename(job, result))
        for result in job.results
        if not result.expired
    }
    return job_view(job, url_of=lambda result: urls[result.index], public_url=public_url, at=at)


def filename(job: JobRecord, result: Result) -> str:
    """What a browser should call a downloaded object: plain ASCII, from ids alone."""
    return f"busker-{job.id}-{result.index}.{result.key.rpartition('.')[2]}"


def job_view(job: JobRecord, *, url_of: PresignedUrl, public_url: str, at: datetime) -> dict[str, Any]:
    """Everything a buyer may see of ``job`` at that instant; ``public_url`` is where api answers."""
    view: dict[str, Any] = {
        "id": job.id,
        "object": "media.job",
        "kind": job.kind,
        "model": job.parameters.model,
        "status": job.status.value,
        "created": unix(job.created_at),
        "expires_at": unix(job.expires_at),
        "progress": progress(job, at),
        "metadata": None if job.metadata is None else json.loads(job.metadata),
        "cancel_requested": job.cancel_requested_at is not None,
        "attempts": job.attempts,
    }
    if job.status is JobStatus.SUCCEEDED:
        view["results"] = [_result(job, result, url_of, public_url) for result in job.results]
    elif job.error is not None:
        view["error"] = {"code": job.error.code, "message": job.error.message}
    if job.ended:
        view["usage"] = {
            "seller_cost_usdc": str(job.seller_cost or ZERO),
            "buyer_cost_usdc": str(job.buyer_cost or ZERO),
            "settlement_status": job.settlement_status.value,
        }
    return view


def progress(job: JobRecord, at: datetime) -> int:
    """Percent done, by the provider's own expectation; below 100 until the job has succeeded."""
    if job.status is JobStatus.SUCCEEDED:
        return _DONE
    running = job.running
    if running is None or running.expected is None or running.expected <= timedelta():
        return 0
    return max(0, min(_MOST_BEFORE_THE_END, int((at - running.started_at) / running.expected * _DONE)))


def whole_seconds(duration: timedelta) -> int:
    """The nearest whole number of seconds, half up."""
    return (duration + _HALF_SECOND) // timedelta(seconds=1)


def download_path(job: JobRecord, result: Result) -> str:
    """Where api serves the object itself."""
    return f"/v1/media/artifacts/{job.id}/{result.index}"


def _result(job: JobRecord, result: Result, url_of: PresignedUrl, public_url: str) -> dict[str, Any]:
    return {
        "artifact_index": result.index,
        "url": None if result.expired else url_of(result),
        "download_url": public_url + download_path(job, result),
        "content_type": result.content_type,
        "duration_seconds": whole_seconds(result.duration),
        "bytes": result.bytes,
        "sha256": result.sha256,
        "expires_at": unix(result.retained_until),
    }
