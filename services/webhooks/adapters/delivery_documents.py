"""A delivery as it lies in the database; what others may read is read by ``shared.contracts.records.delivery``.

Everything that depends on the time is an expression over ``$$NOW``, so that the server's clock is the only one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from services.webhooks.domain.answer import Delivered, Exhausted, RetryAfter, Verdict
from services.webhooks.domain.delivery import Claimed, Delivery, Due, Outcome
from shared.contracts.records.delivery import DeliveryAttempt, DeliveryState

Expressions = dict[str, Any]

PENDING: Final = DeliveryState.PENDING.value
NOW: Final = "$$NOW"
CLAIMABLE: Final[Expressions] = {"state": PENDING, "$expr": {"$lte": ["$next_attempt_at", NOW]}}
DUE: Final[Expressions] = {"host": 1, "late": {"$subtract": [NOW, "$next_attempt_at"]}}
"""What is read of a delivery that is due."""
_LOGGED: Final = 50
"""Attempts kept on a delivery; the oldest go first."""
_REQUESTS: Final = 20
"""Wishes for a retry that are known again when they are heard again."""
_STEPS: Final[Expressions] = {"$ifNull": ["$steps", "$attempts"]}
"""Steps of the ladder that are behind a delivery."""
_MILLI: Final = timedelta(milliseconds=1)


def later(wait: timedelta) -> Expressions:
    """The server's time, that much later."""
    return {"$add": [NOW, wait // _MILLI]}


def delivery_fields(delivery: Delivery, *, traceparent: str | None) -> Expressions:
    """A new delivery but for its id, due at once.  A stranger's text may look like an expression, so none is one."""
    given: Expressions = {
        "buyer_id": delivery.buyer_id,
        "job_id": delivery.job_id,
        "type": delivery.type,
        "url": delivery.url,
        "host": delivery.host,
        "happened_at": delivery.happened_at,
        "traceparent": traceparent,
        "state": PENDING,
        "attempts": 0,
        "log": [],
        "lease_token": None,
        "steps": 0,
        "by_hand": False,
        "retry_wanted": False,
        "retry_requests": [],
        "untold_since": None,
    }
    return {name: {"$literal": value} for name, value in given.items()} | {"created_at": NOW, "next_attempt_at": NOW}


def logged(made: DeliveryAttempt) -> Expressions:
    """One attempt more."""
    line = {
        "number": made.number,
        "at": made.at,
        "millis": made.took // _MILLI,
        "status": made.status,
        "error": made.error,
    }
    log = {"$concatArrays": ["$log", [{"$literal": line}]]}
    return {"attempts": made.number, "log": {"$slice": [log, -_LOGGED]}}


def climbed(verdict: Verdict) -> Expressions:
    """How many steps of the ladder are behind it, and whether its buyer has asked for the next attempt."""
    delivered = isinstance(verdict, Delivered)
    return {
        "steps": {"$add": [_STEPS, {"$cond": ["$by_hand", 0, 1]}]},
        "by_hand": False if delivered else "$retry_wanted",
    }


def after(verdict: Verdict) -> Expressions:
    """What follows; where the buyer has asked for another attempt meanwhile, a failure is followed by it at once."""
    match verdict:
        case Delivered():
            return {"state": DeliveryState.SUCCEEDED.value, "next_attempt_at": None, "untold_since": NOW}
        case RetryAfter(wait):
            return {"next_attempt_at": _unless_wanted(later(wait), NOW)}
        case Exhausted():
            return {
                "state": _unless_wanted(DeliveryState.EXHAUSTED.value, PENDING),
                "next_attempt_at": _unless_wanted(None, NOW),
                "untold_since": _unless_wanted(NOW, None),
            }


def _unless_wanted(otherwise: Any, wanted: Any) -> Expressions:
    return {"$cond": ["$retry_wanted", wanted, otherwise]}


def asked_again(request_id: str) -> Expressions:
    """Due at once; but an attempt under way is let be, and remembers that another is wanted."""
    under_way = {"$and": [{"$ne": ["$lease_token", None]}, {"$gt": ["$next_attempt_at", NOW]}]}
    requests = {"$concatArrays": ["$retry_requests", [{"$literal": request_id}]]}
    due_at_once = {"state": PENDING, "next_attempt_at": NOW, "lease_token": None, "untold_since": None}
    return {name: {"$cond": [under_way, f"${name}", value]} for name, value in due_at_once.items()} | {
        "steps": _STEPS,
        "by_hand": {"$or": ["$by_hand", {"$not": [under_way]}]},
        "retry_wanted": under_way,
        "retry_requests": {"$slice": [requests, -_REQUESTS]},
    }


def due_of(document: dict[str, Any]) -> Due:
    """A delivery that is due."""
    return Due(document["_id"], document["host"], document["late"] * _MILLI)


def claimed_of(document: dict[str, Any]) -> Claimed:
    """The claim that was just left on a delivery."""
    delivery = Delivery(
        id=document["_id"],
        buyer_id=document["buyer_id"],
        job_id=document["job_id"],
        type=document["type"],
        url=document["url"],
        happened_at=document["happened_at"],
    )
    attempts = document["attempts"]
    step = document.get("steps", attempts) + (not document.get("by_hand", False))
    return Claimed(delivery, attempts + 1, document["lease_token"], document["traceparent"], step)


def outcome_of(document: dict[str, Any]) -> Outcome:
    """How a delivery that is over ended."""
    return Outcome(
        document["_id"],
        document["buyer_id"],
        DeliveryState(document["state"]),
        document["attempts"],
        document["log"][-1]["error"],
    )
