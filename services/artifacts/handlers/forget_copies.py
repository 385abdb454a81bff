"""Sweep: have providers forget what is not needed any more."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.artifacts.domain.copies import GIVEN_UP_AFTER, Copy, wait_before_asking_again
from services.artifacts.handlers.keeping import Keeping, access, handed
from services.artifacts.handlers.work_off import work_off
from services.artifacts.ports import Forgetting
from shared.kernel.errors import DomainError
from shared.providers.outcomes import ForgetOutcome, Forgotten, NotForgotten
from shared.vault.errors import CannotOpen

AT_ONCE: Final = 16
LEASE: Final = timedelta(minutes=5)
"""Above what asking for every copy of one output can take."""

log = structlog.get_logger("copy")


async def forget_copies(*, world: Keeping) -> None:
    """Ask for every copy that is due, several providers at once."""
    await work_off(partial(world.copies.due, lease=LEASE), partial(_forget, world=world), at_once=AT_ONCE)


async def _forget(forgetting: Forgetting, *, world: Keeping) -> None:
    forgotten, given_up = set(), set()
    last_time = forgetting.due_for >= GIVEN_UP_AFTER
    for copy in forgetting.copies:
        outcome = await _ask(copy, world)
        if isinstance(outcome, Forgotten):
            forgotten.add(copy.attempt)
        elif outcome is None or last_time:
            given_up.add(copy.attempt)
        _log(copy, outcome, forgetting.times_asked + 1, given_up=copy.attempt in given_up)
    await world.copies.conclude(
        forgetting,
        forgotten=forgotten,
        given_up=given_up,
        again_after=wait_before_asking_again(forgetting.times_asked + 1),
    )


async def _ask(copy: Copy, world: Keeping) -> ForgetOutcome | None:
    """What the provider says; None when it cannot be asked any more."""
    try:
        credentials = await access(copy, world)
    except DomainError:
        return None
    except CannotOpen as error:
        return NotForgotten(str(error))
    return await world.providers[copy.provider].forget(credentials, handed(copy))


def _log(copy: Copy, outcome: ForgetOutcome | None, times: int, *, given_up: bool) -> None:
    fields = {"job_id": copy.job_id, "attempt": copy.attempt, "offer_id": copy.offer_id, "times_asked": times}
    if isinstance(outcome, Forgotten):
        log.info("forgotten", **fields)
        return
    reason = outcome.reason if isinstance(outcome, NotForgotten) else "its key is gone"
    level = log.warning if given_up else log.info
    level("given up" if given_up else "not forgotten yet", reason=reason, **fields)
