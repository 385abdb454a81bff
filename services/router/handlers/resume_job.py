"""Take a job on from what is on record, for those who have only its id."""

from __future__ import annotations

from collections.abc import Sequence

from services.router.domain.objection import Objection, objection
from services.router.domain.order import order_of
from services.router.handlers.advance_job import advance_job
from services.router.handlers.end_attempts import end_attempts, end_of
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptState


async def resume_job(job_id: str, *, routing: Routing) -> Sequence[Event]:
    """Go on with a live job; end the attempts of one that is over.

    Nothing is to be done for one that a provider has, once its record shows that this was heard.
    """
    job = await routing.jobs.find(job_id)
    if job is None:
        await routing.attempts.ended(job_id)
        return ()
    if job.ended:
        return await end_attempts(end_of(job), routing=routing)
    history = await routing.attempts.of_job(job_id)
    if history and history[-1].state is AttemptState.SUBMITTED and job.attempts >= history[-1].number:
        return ()
    if history and objection(job, await routing.artifacts.of_job(job_id)) is Objection.ARTIFACT:
        return ()
    return await advance_job(order_of(job), history, routing)
