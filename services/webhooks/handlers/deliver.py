"""Make one attempt of one delivery: load, send, save what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.webhooks.domain.answer import Answer, Answered, Delivered, Exhausted, Unanswered, Verdict, judge
from services.webhooks.domain.delivery import AttemptMade, Claimed, Delivery
from services.webhooks.domain.signature import signed_headers
from services.webhooks.ports import Announcer, Deliveries, Jobs, JobViews, Post, Receiver, Secrets
from shared.contracts.event import Event
from shared.contracts.market_events import DeliveryExhausted, DeliverySucceeded
from shared.kernel.clock import Clock

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True)
class Sending:
    """What every attempt of this process shares."""

    jobs: Jobs
    deliveries: Deliveries
    secrets: Secrets
    views: JobViews
    receiver: Receiver
    announcer: Announcer
    clock: Clock
    random: Callable[[], float]
    ladder: Sequence[timedelta]


async def deliver(claimed: Claimed, world: Sending) -> Verdict:
    """Send once, and note the answer under the claim.  Whatever the answer, job and money stay as they are."""
    at, began = world.clock.now(), world.clock.monotonic()
    answer = await _answer(claimed.delivery, world)
    seconds = round(world.clock.monotonic() - began, 3)
    verdict = judge(answer, attempt=claimed.attempt, ladder=world.ladder, random=world.random)
    made = AttemptMade(
        number=claimed.attempt,
        at=at,
        seconds=seconds,
        status=answer.status if isinstance(answer, Answered) else None,
        error=None if isinstance(verdict, Delivered) else verdict.reason,
    )
    held = await world.deliveries.conclude(claimed, made, verdict)
    _tell(claimed, made, verdict, held=held)
    if held and (fact := _fact(claimed, verdict)) is not None:
        await world.announcer.say(fact)
    return verdict


async def _answer(delivery: Delivery, world: Sending) -> Answer:
    post = await _post(delivery, world)
    return post if isinstance(post, Unanswered) else await world.receiver.post(post)


async def _post(delivery: Delivery, world: Sending) -> Post | Unanswered:
    """The request as it is to be sent now: fresh links, this attempt's time, every secret that signs today."""
    secrets = await world.secrets.current(delivery.buyer_id)
    if not secrets:
        return Unanswered("the buyer has no webhook secret")
    at = world.clock.now()
    data: dict[str, object] = {}
    if delivery.job_id is not None:
        job = await world.jobs.find(delivery.job_id)
        if job is None:
            return Unanswered("the job is no longer kept", permanent=True)
        data = await world.views.view(job, at)
    timestamp = delivery.happened_at.isoformat().replace("+00:00", "Z")
    body = json.dumps({"type": delivery.type, "timestamp": timestamp, "data": data}, separators=(",", ":"))
    headers = {"Content-Type": "application/json", **signed_headers(delivery.message_id, at, body, secrets)}
    return Post(delivery.url, headers, body.encode())


def _fact(claimed: Claimed, verdict: Verdict) -> Event | None:
    delivery = claimed.delivery
    if isinstance(verdict, Delivered):
        return DeliverySucceeded(delivery_id=delivery.id, buyer_id=delivery.buyer_id, attempts=claimed.attempt)
    if isinstance(verdict, Exhausted):
        return DeliveryExhausted(
            delivery_id=delivery.id, buyer_id=delivery.buyer_id, attempts=claimed.attempt, reason=verdict.reason
        )
    return None


def _tell(claimed: Claimed, made: AttemptMade, verdict: Verdict, *, held: bool) -> None:
    """The one line of an attempt."""
    write = log.info if isinstance(verdict, Delivered) else log.warning
    write(
        "delivery attempt",
        delivery_id=claimed.delivery.id,
        job_id=claimed.delivery.job_id,
        type=claimed.delivery.type,
        attempt=made.number,
        status=made.status,
        seconds=made.seconds,
        outcome=type(verdict).__name__.lower(),
        error=made.error,
        claim_held=held,
    )
