"""Jobs: ordered, read, waited for, listed and canceled."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final

from aiohttp import web

from services.api.domain.order import Order
from services.api.entrypoints.http.answers import POLL_AFTER, json_answer, page_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.job_views import STATUSES, AcceptedView
from services.api.entrypoints.http.orders import OrderBody, idempotency_of
from services.api.entrypoints.http.places import still_there
from services.api.entrypoints.http.queries import AFTER, LIMIT, AnId, Choice, Whole
from services.api.entrypoints.http.refusals import Stopping
from services.api.entrypoints.http.strict_json import read_object, validated
from services.api.entrypoints.http.telling import JOB_ID
from services.api.entrypoints.http.world import World
from services.api.handlers.cancel_job import cancel_job
from services.api.handlers.follow_job import wait_for_ending
from services.api.handlers.list_jobs import list_jobs
from services.api.handlers.read_job import read_job
from services.api.handlers.submit_job import submit_job
from shared.contracts.job_view import linked_view
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.clock import unix

LONGEST_WAIT: Final = 60
WAIT: Final = Whole("wait", "Seconds to wait for the job's end.", default=0, least=0, most=LONGEST_WAIT)
BEFORE: Final = AnId("after", AFTER)
STATUS: Final = Choice("status", "Only jobs that stand there.", STATUSES)
_PREFERRED: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])", re.ASCII)


def path(kind: str) -> str:
    """Where jobs of that kind are ordered and read."""
    return f"/v1/{kind}/generations"


async def order_job(call: Call) -> web.Response:
    """Take the order: 202 with the job, or nothing is held and no job exists."""
    raw = await read_object(call.request)
    body = validated(raw, OrderBody)
    order = Order(
        buyer_id=call.account_id,
        parameters=body.parameters(),
        floor=call.floor,
        webhook_url=body.webhook_url,
        metadata=body.metadata_text(),
        idempotency=idempotency_of(call.request.headers.get("Idempotency-Key"), raw, call.floor),
    )
    accepted = await submit_job(order, world=call.world.submitting)
    job = accepted.job
    call.request[JOB_ID] = job.id
    headers = POLL_AFTER | {"Location": _url(job, call.world), "Retry-After": "2"}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return json_answer(_accepted(job, call.world), status=202, headers=headers)


async def show_job(call: Call) -> web.Response:
    """The job as it is, or as it is once it has ended, for those who wait."""
    job = await _job(call)
    return json_answer(await view(job, call.world), headers={} if job.ended else POLL_AFTER)


async def cancel(call: Call) -> web.Response:
    """The job after the wish to be rid of it."""
    job = await cancel_job(call.job_id, call.reader, world=call.world.canceling)
    return json_answer(await view(job, call.world))


async def show_jobs(call: Call) -> web.Response:
    """One page of the buyer's jobs, newest first."""
    query = call.request.query
    status = STATUS.read(query)
    found = await list_jobs(
        call.account_id,
        limit=LIMIT.read(query),
        after=BEFORE.read(query),
        status=None if status is None else JobStatus(status),
        jobs=call.world.following.jobs,
    )
    return page_answer([await view(job, call.world) for job in found.jobs], has_more=found.has_more)


async def view(job: JobRecord, world: World) -> dict[str, Any]:
    """The job as buyers see it now."""
    now = world.clock.now()
    return await linked_view(job, links=world.links, public_url=world.public_url, at=now)


async def _job(call: Call) -> JobRecord:
    following, places, wait = call.world.following, call.world.places, timedelta(seconds=_wait(call.request))
    job = await read_job(call.job_id, call.reader, jobs=following.jobs, signing=following.signing)
    if job.ended or not wait:
        return job
    wanted = partial(still_there, call.request)
    with places.taken("waiting requests", job.buyer_id), suppress(Stopping):
        return await places.until_closed(
            wait_for_ending(job.id, call.reader, within=wait, wanted=wanted, world=following)
        )
    return await read_job(job.id, call.reader, jobs=following.jobs, signing=following.signing)


def _wait(request: web.Request) -> int:
    """Seconds to wait: the query insists, the preference is met as far as we go."""
    if WAIT.name in request.query:
        return WAIT.read(request.query)
    preferred = _PREFERRED.search(request.headers.get("Prefer", ""))
    return 0 if preferred is None else min(int(preferred[1]), LONGEST_WAIT)


def _accepted(job: JobRecord, world: World) -> AcceptedView:
    """What an order is answered: the same however often it is repeated."""
    url = _url(job, world)
    token = world.submitting.signing.token(job.id, job.token_key_id)
    return {
        "id": job.id,
        "object": "media.job",
        "kind": job.kind,
        "status": "queued",
        "created": unix(job.created_at),
        "expires_at": unix(job.expires_at),
        "estimated_cost_usdc": str(job.estimated_cost),
        "max_cost_usdc": str(job.max_cost),
        "poll_url": url,
        "cancel_url": url,
        "job_token": None if token is None else token.reveal(),
    }


def _url(job: JobRecord, world: World) -> str:
    return f"{world.public_url}{path(job.kind)}/{job.id}"
