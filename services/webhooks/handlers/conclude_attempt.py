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

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Concluding:
    """What is needed to conclude."""

    deliveries: Deliveries
    announcer: Announcer
    ladder: Ladder
    random: Random


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What was noted of an attempt."""

    claimed: Claimed
    made: DeliveryAttempt
    verdict: Verdict
    concluded: Concluded


async def conclude_attempt(sent: Sent, world: Concluding) -> Conclusion:
    """Note the answer under the claim.  Raises what the database raises; the attempt is then made again."""
    claimed, answer = sent.claimed, sent.answer
    ladder = world.ladder[:1] if claimed.delivery.is_test else world.ladder
    verdict = judge(answer, step=claimed.step, ladder=ladder, random=world.random)
    made = DeliveryAttempt(
        number=claimed.attempt,
        at=sent.at,
        took=sent.took,
        status=answer.status if isinstance(answer, Answered) else None,
        error=None if isinstance(verdict, Delivered) else verdict.reason,
    )
    concluded = await world.deliveries.conclude(claimed, made, verdict)
    outcome = _outcome(claimed, verdict)
    if outcome is not None and concluded is Concluded.NOTED:
        await _tell(outcome, world)
    return Conclusion(claimed, made, verdict, concluded)


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
