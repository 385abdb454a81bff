"""Make a buyer a new webhook secret."""

from datetime import timedelta
from typing import Final

from services.api.domain.refusals import InvalidRequest
from services.api.ports import WebhookSecrets
from shared.kernel.clock import Clock, in_millis
from shared.kernel.secret import Secret

OVERLAP: Final = timedelta(hours=24)
LONGEST: Final = timedelta(days=7)


async def rotate_webhook_secret(
    buyer_id: str, *, overlap: timedelta = OVERLAP, secrets: WebhookSecrets, clock: Clock
) -> Secret:
    """The new secret, shown this once; the ones before it sign along until ``overlap`` (7 days at most) is over."""
    if not timedelta() <= overlap <= LONGEST:
        raise InvalidRequest("overlap_seconds is 0 to 604800", param="overlap_seconds")
    return await secrets.rotate(buyer_id, in_millis(clock.now()), overlap)
