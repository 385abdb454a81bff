"""The seller's provider key behind a key id: read sealed with its offer, opened by the vault, kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from shared.contracts.records.offer import key_binding
from shared.kernel.errors import DomainError
from shared.kernel.secret import Secret
from shared.storage.mongo import Collection
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault

_KEPT: Final = 10_000


class KeyGone(DomainError):
    """The offer no longer holds the key; whatever needed it cannot go on."""

    def __init__(self, offer_id: str) -> None:
        super().__init__("provider_key_gone", f"offer {offer_id} holds no such provider key any more")


class ProviderKeys:
    """Opens provider keys.  A key id names one key for ever, so an opened one never grows stale."""

    def __init__(self, offers: Collection, vault: Vault) -> None:
        self._offers = offers
        self._vault = vault
        self._opened: OrderedDict[str, Secret] = OrderedDict()

    async def open(self, offer_id: str, key_id: str) -> Secret:
        """The key itself.  One read the first time, none after that.

        Raises :class:`KeyGone`, or what the vault raises when it cannot open the seal.
        """
        opened = self._opened.get(key_id)
        if opened is None:
            opened = await self._read(offer_id, key_id)
            self._opened[key_id] = opened
            if len(self._opened) > _KEPT:
                self._opened.popitem(last=False)
        return opened

    async def _read(self, offer_id: str, key_id: str) -> Secret:
        document: dict[str, Any] | None = await self._offers.find_one(
            {"_id": offer_id}, {"seller_id": 1, f"sealed_keys.{key_id}": 1}
        )
        sealed = None if document is None else document["sealed_keys"].get(key_id)
        if document is None or sealed is None:
            raise KeyGone(offer_id)
        return self._vault.open(Sealed.parse(sealed), key_binding(offer_id, document["seller_id"]))
