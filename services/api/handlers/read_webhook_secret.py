"""Show what can be shown of a buyer's webhook secret."""

from services.api.ports import WebhookSecrets
from shared.contracts.records.webhook_secret import SealedSecret
from shared.kernel.clock import Clock, in_millis


async def read_webhook_secret(buyer_id: str, *, secrets: WebhookSecrets, clock: Clock) -> SealedSecret:
    """The current one, made now if there was none; its text stays sealed."""
    await secrets.ensure(buyer_id, in_millis(clock.now()))
    current = await secrets.list_of(buyer_id)
    return current[0]
