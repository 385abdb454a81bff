"""How the business stands, for Prometheus: each process of api tells what it last saw of all there is."""

from __future__ import annotations

from typing import Final

import structlog
from prometheus_client import Gauge

from services.api.domain.backlog import Backlog
from services.api.handlers.audit_books import audit_books
from services.api.handlers.measure_work import measure_work
from services.api.handlers.settle_job import Settling
from services.api.ports import Books, Outbox

_OLDEST: Final = Gauge("busker_oldest_job_seconds", "Age of the oldest job that has not ended, 0 when there is none")
_BACKLOG: Final = Gauge("busker_outbox_backlog", "Documents with facts that the broker does not have yet")
_DIFFERENCE: Final = Gauge("busker_audit_difference_micros", "What the last audit could not explain; 0 is well")
_AUDITED_AT: Final = Gauge("busker_audited_at_seconds", "When the last audit was finished; 0 before the first")

log = structlog.get_logger("audit")


async def tell_work(*, settling: Settling, outboxes: tuple[Outbox, ...], backlog: Backlog) -> None:
    """Measure what is under way."""
    age = await measure_work(jobs=settling.jobs, outboxes=outboxes, backlog=backlog, clock=settling.clock)
    _OLDEST.set(age.total_seconds())
    _BACKLOG.set(backlog.unsaid)


async def tell_audit(*, settling: Settling, books: Books) -> None:
    """Audit the books; a difference is an error for a person to look at."""
    audit = await audit_books(books=books)
    _DIFFERENCE.set(audit.difference)
    _AUDITED_AT.set(settling.clock.now().timestamp())
    if audit.difference:
        accounts = [found.account_id for found in audit.differences]
        log.error("the books differ", difference_micros=audit.difference, accounts=accounts)
