"""Make what an idempotency key names, once, however many ask for it at the same time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from services.api.domain.claim import WAIT, Claimed, ClaimedElsewhere
from services.api.domain.order import IdempotencyKey
from services.api.domain.refusals import IdempotencyInFlight, IdempotencyKeyReused, Refusal
from services.api.ports import Requests
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id

PAUSE: Final = 0.05
"""Seconds between two looks at what another handler makes of the same key."""

T = TypeVar("T")


async def once(
    owner_id: str,
    key: IdempotencyKey,
    *,
    made: Callable[[str], Awaitable[T | None]],
    make: Callable[[str], Awaitable[T]],
    requests: Requests,
    clock: Clock,
) -> T:
    """What is ``made`` under the id that the key names, or what ``make`` makes under it.

    Two may be made to make at once, under one id.  Raises idempotency_key_reused for another
    body, idempotency_in_flight when whoever makes it takes too long, and the ``Refusal`` of
    ``make``, which leaves the key free.
    """
    deadline = clock.monotonic() + WAIT.total_seconds()
    fresh = new_id()
    while True:
        claim = await requests.claim(owner_id, key.key, fingerprint=key.fingerprint, job_id=fresh)
        if isinstance(claim, ClaimedElsewhere) and claim.fingerprint != key.fingerprint:
            raise IdempotencyKeyReused
        # Under a new name nothing can have been made.
        found = None if claim == Claimed(fresh) else await made(claim.job_id)
        if found is not None:
            return found
        if isinstance(claim, Claimed):
            try:
                return await make(claim.job_id)
            except Refusal:
                if await requests.free(owner_id, key.key, claim):
                    raise
                # Another handler has taken the claim over: what it comes to is the answer.
        if clock.monotonic() >= deadline:
            raise IdempotencyInFlight
        await clock.sleep(PAUSE)
