"""Compose the request of one attempt, as it is to be sent now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.webhooks.domain.answer import NotSent
from services.webhooks.domain.body import body_of
from services.webhooks.domain.delivery import Delivery
from services.webhooks.domain.signature import signed_headers
from services.webhooks.ports import Jobs, JobViews, Post, Secrets
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Composing:
    """What a request is composed from."""

    jobs: Jobs
    secrets: Secrets
    views: JobViews
    clock: Clock


async def compose_post(delivery: Delivery, world: Composing) -> Post | NotSent:
    """This attempt's time, every secret that signs today, and the job with links that are good today.

    The body is made anew for each attempt rather than kept: an ended job changes no more,
    but a link kept for a day would be dead, and this way a secret or a link is never
    stored.  The ``webhook-id`` is what stays.
    """
    secrets = await world.secrets.current(delivery.buyer_id)
    if not secrets:
        return NotSent("the buyer has no webhook secret", for_good=False)
    at = world.clock.now()
    data: dict[str, Any] = {}
    if delivery.job_id is not None:
        job = await world.jobs.find(delivery.job_id)
        if job is None:
            return NotSent("the job is no longer kept", for_good=True)
        data = await world.views.view(job, at)
    body = body_of(delivery, data)
    headers = {"Content-Type": "application/json", **signed_headers(delivery.message_id, at, body, secrets)}
    return Post(delivery.url, headers, body)
