"""Forget a revoked API key."""

from collections.abc import Sequence

from services.api.ports import RememberedKeys
from shared.contracts.event import Event
from shared.contracts.market_events import KeyRevoked


async def forget_key(revoked: KeyRevoked, *, keys: RememberedKeys) -> Sequence[Event]:
    """From now on this process asks the database again, and is told no."""
    keys.forget(revoked.key_id)
    return ()
