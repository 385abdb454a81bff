"""A job has ended: keep what its buyer paid for, remove anything else, let the providers forget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from services.artifacts.domain.output import ONLY, output_prefix
from services.artifacts.ports import Objects, Outputs
from shared.contracts.event import Event
from shared.contracts.job_events import JobCanceled, JobExpired, JobFailed, JobSucceeded

Ending: TypeAlias = JobSucceeded | JobFailed | JobCanceled | JobExpired


async def hear_ending(ending: Ending, *, outputs: Outputs, objects: Objects) -> Sequence[Event]:
    """End the outputs of a job of which an ending is said."""
    delivered = isinstance(ending, JobSucceeded)
    await end_outputs(ending.job_id, delivered=delivered, outputs=outputs, objects=objects)
    return ()


async def end_outputs(job_id: str, *, delivered: bool, outputs: Outputs, objects: Objects) -> None:
    """From here on nothing is stored for the job.  Done again, it changes nothing."""
    if await outputs.end(job_id, delivered=delivered):
        await objects.remove(output_prefix(job_id, ONLY))
        await outputs.discard(job_id)
