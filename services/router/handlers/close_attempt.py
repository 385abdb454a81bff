"""Close an attempt and end what it reserved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.router.domain.closing import Closing, counted
from services.router.handlers.note_standing import settle
from services.router.handlers.routing import Routing
from shared.contracts.event import Event
from shared.contracts.records.attempt import AttemptRecord


@dataclass(frozen=True, slots=True)
class Moved:
    """An attempt as it is now, and what is to be said."""

    attempt: AttemptRecord
    said: Sequence[Event] = ()


async def close_attempt(
    attempt: AttemptRecord, closing: Closing, routing: Routing, *, probes_on: bool = False
) -> Moved | None:
    """Close it, and free its place after that; None when somebody else decided about it meanwhile.

    ``probes_on``: what it told of its offer is written down right after, by whoever closes it.
    """
    if not await routing.attempts.close(attempt, closing):
        return None
    closed = replace(attempt, state=closing.state, code=closing.code, reason=closing.reason)
    return Moved(closed, await settle(closed, counted(closed), routing=routing, probes_on=probes_on))
