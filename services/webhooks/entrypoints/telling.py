"""What is told of every attempt: its one log line, and what Prometheus counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog
from prometheus_client import Counter, Histogram

from services.webhooks.domain.answer import Delivered
from services.webhooks.domain.delivery import Due
from services.webhooks.handlers.conclude_attempt import Conclusion
from shared.storage.mongo import UNAVAILABLE

_SECONDS_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 300)
_ATTEMPTS: Final = Counter("busker_delivery_attempts_total", "Attempts at webhook deliveries, by verdict", ["verdict"])
_TOOK: Final = Histogram(
    "busker_delivery_attempt_seconds", "Seconds from composing a request to its answer", buckets=_SECONDS_BUCKETS
)
_LATE: Final = Histogram(
    "busker_delivery_late_seconds",
    "Seconds that an attempt had been due when it began, where its host had a place for it",
    buckets=_SECONDS_BUCKETS,
)

log = structlog.get_logger("delivery")


def tell_beginning(late: timedelta) -> None:
    """Count how late an attempt begins."""
    _LATE.observe(late.total_seconds())


def tell_conclusion(conclusion: Conclusion) -> None:
    """Write the line of an attempt and count it."""
    claimed, made, verdict = conclusion.claimed, conclusion.made, conclusion.verdict
    name = type(verdict).__name__.lower()
    _ATTEMPTS.labels(name).inc()
    _TOOK.observe(made.took.total_seconds())
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
        verdict=name,
        error=made.error,
        concluded=conclusion.concluded.value,
    )


def tell_failure(due: Due, error: BaseException) -> None:
    """Write that an attempt has no conclusion; the end of its lease brings it back."""
    if isinstance(error, (*UNAVAILABLE, TimeoutError)):
        log.warning("delivery attempt put off", delivery_id=due.id, error=type(error).__name__)
    else:
        log.error("delivery attempt broke off", delivery_id=due.id, exc_info=error)
