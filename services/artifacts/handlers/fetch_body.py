"""Fetch one attempt's audio from its provider, and say in our words what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.copies import Copy
from services.artifacts.domain.output import Audio
from services.artifacts.domain.patience import Failure, NoBody
from services.artifacts.handlers.hold_claim import HeldClaim
from services.artifacts.handlers.keeping import Keeping, access, handed
from services.artifacts.handlers.take_in import take_in
from shared.providers.provider import Fault, FetchFailed, Gone, NotReady
from shared.providers.request_fault import RequestFault

_REASONS: Final[Mapping[Fault, Reason]] = {
    Fault.BROKEN_OFF: Reason.TRUNCATED,
    Fault.TOO_SLOW: Reason.TOO_SLOW,
    Fault.TOO_LARGE: Reason.TOO_LARGE,
    Fault.COMPRESSED: Reason.COMPRESSED,
}


async def fetch_body(
    copy: Copy, *, asked: timedelta | None, within: timedelta, claim: HeldClaim, world: Keeping
) -> Audio | Failure:
    """Return what is stored now, or why nothing is.  Raises ``Transient`` for trouble that is ours."""
    provider = world.providers[copy.provider]
    try:
        async with provider.fetch(await access(copy, world), handed(copy), within=within) as body:
            return await take_in(body, copy=copy, asked=asked, objects=world.objects, claim=claim)
    except RequestFault as fault:
        return NoBody(fault.reason, final=True, code=fault.code, suggestion=fault.suggestion)
    except FetchFailed as failed:
        return _failure(failed)
    except Gone as gone:
        return NoBody(str(gone))
    except NotReady as not_ready:
        return NoBody(str(not_ready), counts=False)


def _failure(failed: FetchFailed) -> Failure:
    reason = _REASONS.get(failed.fault)
    if reason is not None:
        return Unfit(reason, failed.reason)
    return NoBody(failed.reason, final=not failed.retryable, counts=failed.after is None)
