"""Sweep: say again what became of the outputs of jobs that still live."""

from __future__ import annotations

from functools import partial
from typing import Final

import structlog

from services.artifacts.domain.facts import fact_of
from services.artifacts.domain.output import Output
from services.artifacts.handlers.end_outputs import end_outputs
from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.work_off import work_off
from shared.contracts.records.artifact import ArtifactState
from shared.contracts.records.job import JobStatus

AT_ONCE: Final = 16

log = structlog.get_logger("artifact")


async def say_again(*, world: Keeping) -> None:
    """Every output that is due.  A job that ended without being heard is ended here instead."""
    await work_off(world.outputs.unsaid, partial(_say, world=world), at_once=AT_ONCE)


async def _say(output: Output, *, world: Keeping) -> None:
    job = await world.jobs.find(output.job_id)
    if job is None or job.ended:
        delivered = job is not None and job.status is JobStatus.SUCCEEDED
        await end_outputs(output.job_id, delivered=delivered, outputs=world.outputs, objects=world.objects)
    elif output.state is not ArtifactState.CLAIMED:
        await world.announcer.say(fact_of(output))
        await world.outputs.said(output)
        log.info("said again", job_id=output.job_id, attempt=output.attempt, state=output.state.value)
