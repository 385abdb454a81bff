"""Revoke an API key."""

from services.api.domain.refusals import NotFound
from services.api.ports import ApiKeys, Post, RememberedKeys
from shared.contracts.market_events import KeyRevoked
from shared.kernel.clock import Clock, in_millis


async def revoke_key(
    account_id: str, key_id: str, *, keys: ApiKeys, remembered: RememberedKeys, post: Post, clock: Clock
) -> None:
    """The account's own key opens nothing from now on; every process hears of it.  Raises :class:`NotFound`."""
    letter = post.letter(KeyRevoked(key_id=key_id, account_id=account_id))
    if not await keys.revoke(account_id, key_id, in_millis(clock.now()), letter):
        raise NotFound("key")
    remembered.forget(key_id)
    post.send(keys, key_id, letter)
