"""Make what an idempotency key names, once, however many ask for it at the same time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias, TypeVar

from services.api.domain.claim import WAIT, Claimed, ClaimedElsewhere
from services.api.domain.order import IdempotencyKey
from services.api.domain.refusals import IdempotencyInFlight, IdempotencyKeyReused
from services.api.ports import Requests
from shared.kernel.clock import Clock
from shared.kernel.errors import DomainError
from shared.kernel.ids import new_id

PAUSE: Final = 0.05
"""Seconds between two looks at what another handler makes of the same key."""

T = TypeVar("T")
GiveUp: TypeAlias = Callable[[str], Awaitable[bool]]


async def once(
    owner_id: str,
    key: IdempotencyKey,
    *,
    made: Callable[[str], Awaitable[T | None]],
    make: Callable[[str], Awaitable[T]],
    give_up: GiveUp | None,
    requests: Requests,
    clock: Clock,
) -> T:
    """What is ``made`` under the id that the key names, or what ``make`` makes under it.

    Two may be made to make at once, under one id.  Raises idempotency_key_reused for another
    body, idempotency_in_flight when whoever makes it takes too long, and the ``DomainError`` of
    ``make``, which leaves the key free.  Where another handler may be at the same id still, that
    is so once ``give_up`` has seen to it that nothing is ever made under it, which is False when
    something is; of what cannot be given up (None), the key goes on naming the id.
    """
    deadline = clock.monotonic() + WAIT.total_seconds()
    while True:
        fresh = new_id()
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
            except DomainError:
                alone = claim == Claimed(fresh)
                if await _refused(owner_id, key.key, claim, alone=alone, give_up=give_up, requests=requests):
                    raise
                # Another handler has made it, or has taken the claim over: what that comes to is the answer.
        if clock.monotonic() >= deadline:
            raise IdempotencyInFlight
        await clock.sleep(PAUSE)


async def _refused(
    owner_id: str, key: str, claim: Claimed, *, alone: bool, give_up: GiveUp | None, requests: Requests
) -> bool:
    """Whether the refusal is the answer, and the key as free as it can be; False when somebody else may have made it.

    ``alone``: nobody else has ever been told of the id.
    """
    if not alone:
        if give_up is None:
            return True
        if not await give_up(claim.job_id):
            return False
    return await requests.free(owner_id, key, claim)
