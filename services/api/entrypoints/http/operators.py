"""What an operator looks at: whether the money adds up, what should have moved, and what was set aside."""

from __future__ import annotations

from typing import Annotated, Final

from aiohttp import web
from typing_extensions import TypedDict

from services.api.domain.refusals import NotFound
from services.api.entrypoints.http.answers import json_answer, list_answer, no_content
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.job_views import STATUSES
from services.api.entrypoints.http.queries import Choice, Whole
from services.api.entrypoints.http.shapes import Difference, Id, Unix, Usdc, one_of
from services.api.handlers.audit_books import audit_books
from services.api.handlers.find_stuck_jobs import Stuck, find_stuck_jobs
from shared.contracts.facts import FACTS
from shared.contracts.records.job import SettlementStatus
from shared.kernel.clock import unix
from shared.messaging.dead_letters import DeadLetter, DeadLetters

SERVICE: Final = Choice("service", "Whose queue.", tuple(sorted({fact.said_by for fact in FACTS.values()})))
LIMIT: Final = Whole("limit", "How many of each service at most.", default=100, least=1, most=1000)


class DifferenceView(TypedDict):
    """What nothing explains."""

    account_id: str | None
    what: str
    difference_usdc: Difference


class SumsView(TypedDict):
    """All accounts together, and where the ledger has all money."""

    credited_usdc: Difference
    available_usdc: Difference
    held_usdc: Difference
    spent_usdc: Difference
    by_account: dict[str, Difference]
    by_kind: dict[str, Difference]


class AuditView(TypedDict):
    """The accounts against the ledger."""

    difference_usdc: Difference
    differences: list[DifferenceView]
    sums: SumsView
    in_transit_usdc: Usdc
    accounts: int
    entries: int


class StuckView(TypedDict):
    """A job that should have moved."""

    id: Id
    why: str
    status: Annotated[str, one_of(STATUSES)]
    settlement_status: Annotated[str, one_of(SettlementStatus)]
    attempts: int
    created: Unix
    expires_at: Unix
    ended: Unix | None


class LetterView(TypedDict):
    """A message that was set aside."""

    id: str
    service: str
    routing_key: str
    event_id: str
    reason: str
    code: str
    error: str


class WholeLetterView(LetterView):
    """A message that was set aside, with what it said."""

    body: str


async def show_audit(call: Call) -> web.Response:
    """Every account against the ledger, at one instant: the difference is 0 when all is well."""
    audit = await audit_books(books=call.world.books)
    return json_answer(
        {
            "difference_usdc": str(audit.difference),
            "differences": [
                {"account_id": found.account_id, "what": found.what, "difference_usdc": str(found.micros)}
                for found in audit.differences
            ],
            "sums": {
                "credited_usdc": str(audit.sums.credited),
                "available_usdc": str(audit.sums.available),
                "held_usdc": str(audit.sums.held),
                "spent_usdc": str(audit.sums.spent),
                "by_account": {name: str(micros) for name, micros in sorted(audit.by_account.items())},
                "by_kind": {kind.value: str(micros) for kind, micros in audit.by_kind.items()},
            },
            "in_transit_usdc": str(audit.in_transit),
            "accounts": audit.accounts,
            "entries": audit.entries,
        }
    )


async def show_stuck_jobs(call: Call) -> web.Response:
    """Jobs past their time that have not ended, or whose money has not moved."""
    world = call.world.submitting
    found = await find_stuck_jobs(jobs=world.jobs, kinds=world.kinds, clock=world.clock)
    return list_answer(_stuck(stuck) for stuck in found)


async def show_dead_letters(call: Call) -> web.Response:
    """The oldest messages that were set aside, of one service or of all."""
    query = call.request.query
    service = SERVICE.read(query)
    limit = LIMIT.read(query)
    shown = [
        _letter(name, letter)
        for name, letters in call.world.dead_letters.items()
        if service in (None, name)
        for letter in await letters.oldest(limit)
    ]
    return list_answer(shown)


async def show_dead_letter(call: Call) -> web.Response:
    """One of them with its body."""
    letter = await _letters(call).show(_letter_id(call))
    if letter is None:
        raise NotFound("dead letter")
    body = letter.received.body.decode(errors="replace")
    return json_answer({**_letter(call.request.match_info["service"], letter), "body": body})


async def replay_dead_letter(call: Call) -> web.Response:
    """Send it to its queue again, its failures forgotten."""
    if not await _letters(call).replay(_letter_id(call)):
        raise NotFound("dead letter")
    return no_content()


async def drop_dead_letter(call: Call) -> web.Response:
    """Forget it for good."""
    if not await _letters(call).drop(_letter_id(call)):
        raise NotFound("dead letter")
    return no_content()


def _letters(call: Call) -> DeadLetters:
    found = call.world.dead_letters.get(call.request.match_info["service"])
    if found is None:
        raise NotFound("service")
    return found


def _letter_id(call: Call) -> str:
    return call.request.match_info["letter_id"]


def _stuck(stuck: Stuck) -> StuckView:
    job = stuck.job
    return {
        "id": job.id,
        "why": stuck.why,
        "status": job.status.value,
        "settlement_status": job.settlement_status.value,
        "attempts": job.attempts,
        "created": unix(job.created_at),
        "expires_at": unix(job.expires_at),
        "ended": None if job.ended_at is None else unix(job.ended_at),
    }


def _letter(service: str, letter: DeadLetter) -> LetterView:
    return {
        "id": letter.id,
        "service": service,
        "routing_key": letter.received.routing_key,
        "event_id": letter.received.event_id,
        "reason": letter.reason,
        "code": letter.code,
        "error": letter.error,
    }
