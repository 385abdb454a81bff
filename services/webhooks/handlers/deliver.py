"""Make one attempt of one delivery: load, send, save what came of it and say it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from services.webhooks.domain.answer import Answer, Answered, Delivered, Exhausted, NotSent, Verdict, judge
from services.webhooks.domain.delivery import Claimed, Outcome
from services.webhooks.domain.ladder import Ladder
from services.webhooks.handlers.compose_post import Composing, compose_post
from services.webhooks.handlers.tell_outcomes import tell_outcome
from services.webhooks.ports import Announcer, Concluded, Deliveries, Receiver
from shared.contracts.records.delivery import DeliveryAttempt, DeliveryState
from shared.kernel.backoff import Random
from shared.kernel.clock import Clock
from shared.kernel.errors import Transient

PREPARING: Final = timedelta(seconds=20)
"""For what comes before sending.  With the sending itself it stays well within the lease."""

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True)
class Sending:
    """What every attempt of this process shares."""

    composing: Composing
    deliveries: Deliveries
    receiver: Receiver
    announcer: Announcer
    clock: Clock
    random: Random
    ladder: Ladder


async def deliver(claimed: Claimed, world: Sending) -> Answer:
    """Send once, and note the answer under the claim.  Whatever the answer, job and money stay as they are.

    Raises only what the database raises, and ``TimeoutError`` before anything was sent;
    the lease then brings the attempt back.
    """
    at, began = world.clock.now(), world.clock.monotonic()
    async with asyncio.timeout(PREPARING.total_seconds()):
        post = await compose_post(claimed.delivery, world.composing)
    answer = post if isinstance(post, NotSent) else await world.receiver.post(post)
    took = timedelta(seconds=world.clock.monotonic() - began)
    ladder = world.ladder[:1] if claimed.delivery.is_test else world.ladder
    verdict = judge(answer, attempt=claimed.attempt, ladder=ladder, random=world.random)
    made = DeliveryAttempt(
        number=claimed.attempt,
        at=at,
        took=took,
        status=answer.status if isinstance(answer, Answered) else None,
        error=None if isinstance(verdict, Delivered) else verdict.reason,
    )
    concluded = await world.deliveries.conclude(claimed, made, verdict)
    _write(claimed, made, verdict, concluded)
    if concluded is Concluded.NOTED:
        await _tell(claimed, verdict, world)
    return answer


async def _tell(claimed: Claimed, verdict: Verdict, world: Sending) -> None:
    match verdict:
        case Delivered():
            state, reason = DeliveryState.SUCCEEDED, None
        case Exhausted(reason):
            state = DeliveryState.EXHAUSTED
        case _:
            return
    outcome = Outcome(claimed.delivery.id, claimed.delivery.buyer_id, state, claimed.attempt, reason)
    try:
        await tell_outcome(outcome, deliveries=world.deliveries, announcer=world.announcer)
    except Transient as error:
        log.info("outcome to be said later", delivery_id=outcome.delivery_id, error=str(error))


def _write(claimed: Claimed, made: DeliveryAttempt, verdict: Verdict, concluded: Concluded) -> None:
    """The one line of an attempt."""
    write = log.info if isinstance(verdict, Delivered) else log.warning
    write(
        "delivery attempt",
        delivery_id=claimed.delivery.id,
        job_id=claimed.delivery.job_id,
        type=claimed.delivery.type,
        host=claimed.delivery.host,
        attempt=made.number,
        status=made.status,
        seconds=round(made.took.total_seconds(), 3),
        verdict=type(verdict).__name__.lower(),
        error=made.error,
        concluded=concluded.value,
    )
