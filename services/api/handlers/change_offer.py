"""Change a seller's offer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from services.api.domain.refusals import OfferNotFound, ServiceUnavailable
from services.api.domain.selling import OfferChange, changed, vouched
from services.api.handlers.create_offer import Selling, asked, told
from shared.contracts.records.offer import OfferRecord, key_binding
from shared.kernel.clock import in_millis
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from shared.market.offers import OfferStatus
from shared.providers.outcomes import NotQuoted
from shared.providers.provider import Access
from shared.vault.errors import CannotOpen
from shared.vault.sealed import Sealed

TRIES: Final = 5


async def change_offer(seller_id: str, offer_id: str, change: OfferChange, *, world: Selling) -> OfferRecord:
    """The offer as changed.  A new key or place, or an unverified offer, is quoted anew.

    Raises :class:`OfferNotFound` for a foreign, unknown or withdrawn offer.  Attempts that are under
    way go on under the terms they began with.
    """
    for _ in range(TRIES):
        record = await world.offers.find_of(seller_id, offer_id)
        if record is None or record.offer.status is OfferStatus.WITHDRAWN:
            raise OfferNotFound
        after = await _changed(record, change, world)
        if await save(after, world=world):
            return after
    raise ServiceUnavailable


async def save(record: OfferRecord, *, world: Selling) -> bool:
    """Store the next revision of an offer and say so; False when somebody else's came first."""
    letter = world.post.letter(told(record))
    if not await world.offers.replace(record, in_millis(world.clock.now()), letter):
        return False
    world.took(record)
    world.post.send(world.offers, record.offer.id, letter)
    return True


async def requote(record: OfferRecord, *, world: Selling) -> OfferRecord:
    """The same revision, as a quote with its current key leaves it."""
    offer = record.offer
    try:
        key = world.vault.open(Sealed.parse(record.sealed_keys[offer.key_id]), key_binding(offer.id, offer.seller_id))
    except CannotOpen:
        return vouched(record, NotQuoted("the market cannot open the provider key; enter it again", definite=True))
    return vouched(record, await asked(offer, Access(offer.base_url, key), world))


async def _changed(record: OfferRecord, change: OfferChange, world: Selling) -> OfferRecord:
    after = changed(record, change)
    if change.api_key is not None:
        after = _with_key(after, change.api_key, world)
    if change.api_key is None and record.offer.status is OfferStatus.ACTIVE and _place(record) == _place(after):
        return after
    return await requote(after, world=world)


def _place(record: OfferRecord) -> tuple[str, str]:
    """What a quote was asked for, and where."""
    return record.offer.base_url, record.offer.model


def _with_key(record: OfferRecord, key: Secret, world: Selling) -> OfferRecord:
    """The offer under a new key; older ones stay for the attempts that began with them."""
    key_id, offer = new_id(), record.offer
    sealed = str(world.vault.seal(key, key_binding(offer.id, offer.seller_id)))
    return replace(record, offer=replace(offer, key_id=key_id), sealed_keys={**record.sealed_keys, key_id: sealed})
