"""What every process counts, for Prometheus.  Names begin with ``busker_``; labels have few values."""

from __future__ import annotations

from typing import Final

import structlog
from prometheus_client import Counter, Histogram

from shared.messaging.handled import Handled, Outcome

_MESSAGES: Final = Counter(
    "busker_messages_total", "Messages that ended here, by queue, type and outcome", ["queue", "type", "outcome"]
)
_SECONDS: Final = Histogram(
    "busker_message_seconds",
    "Seconds from taking a message up to answering for it",
    ["queue", "type"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900),
)
_TROUBLE: Final = frozenset({Outcome.RETRIED, Outcome.DEAD, Outcome.DROPPED})

log = structlog.get_logger("message")


def observe_message(handled: Handled) -> None:
    """Count one message and write its line."""
    kind = handled.received.routing_key.rpartition(".")[0].rpartition(".")[2]
    fact = handled.received.routing_key.rpartition(".")[2]
    name = f"{kind}.{fact}" if kind else fact
    _MESSAGES.labels(handled.queue, name, handled.outcome.value).inc()
    _SECONDS.labels(handled.queue, name).observe(handled.seconds)
    write = log.warning if handled.outcome in _TROUBLE else log.info
    write(
        "message",
        queue=handled.queue,
        type=name,
        event_id=handled.received.event_id,
        outcome=handled.outcome.value,
        seconds=round(handled.seconds, 4),
        failures=handled.failures,
        said=handled.said,
        error=None if handled.error is None else f"{type(handled.error).__name__}: {handled.error}",
    )
