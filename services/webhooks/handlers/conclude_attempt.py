"""Conclude one attempt: judge the answer, note what follows, and say how the delivery ended if it did."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from services.webhooks.domain.answer import Answered, Delivered, Exhausted, Verdict, judge
from services.webhooks.domain.delivery import Claimed, Outcome
from services.webhooks.domain.ladder import Ladder
from services.webhooks.handlers.send_attempt import Sent
from services.webhooks.handlers.tell_outcomes import tell_outcome
from services.webhooks.ports import Announcer, Concluded, Deliveries
from shared.contracts.records.delivery import DeliveryAttempt, DeliveryState
from shared.kernel.backoff import Random
from shared.kernel.errors import Transient

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True)
class Concluding:
    """What is needed to conclude."""

    deliveries: Deliveries
    announcer: Announcer
    ladder: Ladder
    random: Random


async def conclude_attempt(sent: Sent, world: Concluding) -> None:
    """Note the answer under the claim.  Raises what the database raises; the attempt is then made again."""
    claimed, answer = sent.claimed, sent.answer
    ladder = world.ladder[:1] if claimed.delivery.is_test else world.ladder
    verdict = judge(answer, attempt=claimed.attempt, ladder=ladder, random=world.random)
    made = DeliveryAttempt(
        number=claimed.attempt,
        at=sent.at,
        took=sent.took,
        status=answer.status if isinstance(answer, Answered) else None,
        error=None if isinstance(verdict, Delivered) else verdict.reason,
    )
    concluded = await world.deliveries.conclude(claimed, made, verdict)
    _write(claimed, made, verdict, concluded)
    outcome = _outcome(claimed, verdict)
    if outcome is not None and concluded is Concluded.NOTED:
        await _tell(outcome, world)


def _outcome(claimed: Claimed, verdict: Verdict) -> Outcome | None:
    delivery = claimed.delivery
    match verdict:
        case Delivered():
            return Outcome(delivery.id, delivery.buyer_id, DeliveryState.SUCCEEDED, claimed.attempt, None)
        case Exhausted(reason):
            return Outcome(delivery.id, delivery.buyer_id, DeliveryState.EXHAUSTED, claimed.attempt, reason)
        case _:
            return None


async def _tell(outcome: Outcome, world: Concluding) -> None:
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
