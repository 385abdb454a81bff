"""Fetch one attempt's audio from its provider, and say in our words what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.copies import Copy
from services.artifacts.domain.output import Audio
from services.artifacts.domain.patience import Failure, NoBody
from services.artifacts.handlers.hold_claim import HeldClaim
from services.artifacts.handlers.keeping import Keeping, access, handed
from services.artifacts.handlers.take_in import take_in
from shared.kernel.errors import DomainError
from shared.providers.provider import Access, Fault, FetchFailed, Gone, NotReady
from shared.providers.request_fault import RequestFault
from shared.vault.errors import CannotOpen

KEY_GONE: Final = "the seller's key for the provider is gone"
KEY_SEALED: Final = "the seller's key for the provider could not be opened"

_REASONS: Final[Mapping[Fault, Reason]] = {
    Fault.BROKEN_OFF: Reason.TRUNCATED,
    Fault.TOO_SLOW: Reason.TOO_SLOW,
    Fault.TOO_LARGE: Reason.TOO_LARGE,
    Fault.COMPRESSED: Reason.COMPRESSED,
}

log = structlog.get_logger("artifact")


async def fetch_body(
    copy: Copy, *, asked: timedelta | None, within: timedelta, claim: HeldClaim, world: Keeping
) -> Audio | Failure:
    """Return what is stored now, or why nothing is.  Raises ``Transient`` for trouble that is ours."""
    provider, credentials = world.providers[copy.provider], await _credentials(copy, world)
    if isinstance(credentials, NoBody):
        return credentials
    try:
        async with provider.fetch(credentials, handed(copy), within=within) as body:
            return await take_in(body, copy=copy, asked=asked, objects=world.objects, claim=claim)
    except RequestFault as fault:
        return NoBody(fault.reason, final=True, code=fault.code, suggestion=fault.suggestion)
    except FetchFailed as failed:
        return _failure(failed)
    except (Gone, NotReady) as none_there:
        return NoBody(str(none_there), counts=isinstance(none_there, Gone))


async def _credentials(copy: Copy, world: Keeping) -> Access | NoBody:
    try:
        return await access(copy, world)
    except DomainError:
        return NoBody(KEY_GONE, final=True)
    except CannotOpen as error:  # another process may hold the vault's key that this one lacks
        log.error("provider key stays sealed", job_id=copy.job_id, offer_id=copy.offer_id, reason=str(error))
        return NoBody(KEY_SEALED)


def _failure(failed: FetchFailed) -> Failure:
    reason = _REASONS.get(failed.fault)
    if reason is not None:
        return Unfit(reason, failed.reason)
    return NoBody(failed.reason, final=not failed.retryable, counts=failed.after is None)
