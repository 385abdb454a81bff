"""A provider has finished audio: fetch it, check it, keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog

from services.artifacts.domain.audio.unfit import Unfit
from services.artifacts.domain.copies import Copy, copy_of
from services.artifacts.domain.facts import fact_of, rejected, stored
from services.artifacts.domain.output import Audio, Output, output_prefix
from services.artifacts.domain.patience import Failure, Reject, TryAgain, judge, time_left
from services.artifacts.handlers.fetch_body import fetch_body
from services.artifacts.handlers.hold_claim import LEASE, ClaimLost, held
from services.artifacts.handlers.keeping import Keeping
from services.artifacts.ports import Claim, Held, Over
from shared.contracts.event import Event
from shared.contracts.job_events import JobGenerated
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.errors import Transient

log = structlog.get_logger("artifact")


async def store_artifact(generated: JobGenerated, *, world: Keeping) -> Sequence[Event]:
    """Say what became of the audio.  Hearing of it again fetches nothing that is stored already."""
    copy = copy_of(generated)
    async with world.streams.place(generated.seller_id):
        job = await world.jobs.find(copy.job_id)
        within = time_left(world.kinds[copy.kind], expires_at=generated.expires_at, at=world.clock.now())
        if job is None or job.ended or within <= timedelta():
            return await _too_late(copy, job, world)
        match await world.outputs.claim(copy, lease=LEASE):
            case Claim() as claim:
                return await _keep(claim, job, within, world)
            case Output() as output:
                return await _again(output, copy, world)
            case Held():
                raise Transient("the output is being fetched elsewhere")
            case Over():
                return await _too_late(copy, None, world)


async def _too_late(copy: Copy, job: JobRecord | None, world: Keeping) -> Sequence[Event]:
    """Nothing is kept, the provider may forget, and nobody is told."""
    if job is not None and job.ended and job.status is not JobStatus.SUCCEEDED:
        await world.objects.remove(output_prefix(copy.job_id, copy.index))
    await world.copies.leave(copy)
    log.info("audio came too late", job_id=copy.job_id, attempt=copy.attempt)
    return ()


async def _again(output: Output, copy: Copy, world: Keeping) -> Sequence[Event]:
    if output.attempt != copy.attempt:
        await world.copies.leave(copy)
    log.info("said again", job_id=copy.job_id, attempt=output.attempt, state=output.state.value)
    return (fact_of(output),)


async def _keep(claim: Claim, job: JobRecord, within: timedelta, world: Keeping) -> Sequence[Event]:
    async with held(claim, world.outputs, world.clock) as holding:
        outcome: Audio | Failure | None = await _completed_before(claim, world)
        if outcome is None:
            asked = job.parameters.duration_seconds
            outcome = await fetch_body(
                claim.copy,
                asked=None if asked is None else timedelta(seconds=asked),
                within=within,
                claim=holding,
                world=world,
            )
        if isinstance(outcome, Audio):
            return await _store(claim, outcome, world)
        match judge(outcome, claim.tries):
            case TryAgain(message, tries):
                await world.outputs.release(claim, tries=tries)
                raise Transient(message)
            case Reject(unfit):
                return await _reject(claim, unfit, world)


async def _completed_before(claim: Claim, world: Keeping) -> Audio | None:
    """What an earlier try completed before it broke off; whatever else it may have left is removed."""
    audio = claim.counted
    if audio is not None and await world.objects.length(audio.key) == audio.bytes:
        return audio
    if claim.taken_over:
        await world.objects.remove(output_prefix(claim.copy.job_id, claim.copy.index))
    return None


async def _store(claim: Claim, audio: Audio, world: Keeping) -> Sequence[Event]:
    copy = claim.copy
    job = await world.jobs.find(copy.job_id)
    if job is None or job.ended:
        await world.outputs.release(claim)
        return await _too_late(copy, job, world)
    output = await world.outputs.store(claim, audio, retention=world.retention)
    if output is None:
        raise ClaimLost
    log.info(
        "stored",
        job_id=copy.job_id,
        attempt=copy.attempt,
        offer_id=copy.offer_id,
        content_type=audio.content_type,
        bytes=audio.bytes,
        seconds=audio.duration.total_seconds(),
        tries=claim.tries.all + 1,
    )
    return (stored(output),)


async def _reject(claim: Claim, unfit: Unfit, world: Keeping) -> Sequence[Event]:
    copy = claim.copy
    output = await world.outputs.reject(claim, unfit)
    if output is None:
        raise ClaimLost
    log.info(
        "rejected",
        job_id=copy.job_id,
        attempt=copy.attempt,
        offer_id=copy.offer_id,
        reason=unfit.reason.value,
        message=unfit.message,
        tries=claim.tries.all + 1,
    )
    return (rejected(output),)
