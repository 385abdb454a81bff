"""The vault: authenticated encryption under keys that can be rotated."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.secret import Secret
from shared.vault.errors import Tampered, VaultKeyMissing
from shared.vault.keys import VaultKey
from shared.vault.sealed import Sealed

# 96 random bits.  NIST SP 800-38D, 8.3 allows 2**32 seals a key this way, far above what one key will see.
NONCE_BYTES = 12
TAG_BYTES = 16

Owner = tuple[str, ...]
"""Whom a value belongs to, most general first: ``("offer", offer_id, seller_id)``."""


class Vault:
    """Seals with its newest key and opens with any it holds.

    A value opens only for the owner it was sealed for, so a stored value that was
    copied onto someone else's record is as good as damaged.
    """

    def __init__(self, keys: Sequence[VaultKey]) -> None:
        """Take ``keys`` newest first; there must be at least one."""
        self._newest = keys[0].kid
        self._ciphers = {key.kid: AESGCM(key.key) for key in keys}

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return self._newest

    @property
    def kids(self) -> tuple[str, ...]:
        """The ids of all keys held, newest first."""
        return tuple(self._ciphers)

    def seal(self, secret: Secret, owner: Owner) -> Sealed:
        """Seal ``secret`` for ``owner``.  Sealing the same text again gives another value."""
        nonce = os.urandom(NONCE_BYTES)
        kid = self._newest
        ciphertext = self._ciphers[kid].encrypt(nonce, secret.reveal().encode(), _bound_to(kid, owner))
        return Sealed(kid, nonce + ciphertext)

    def open(self, sealed: Sealed, owner: Owner) -> Secret:
        """Return what was sealed for ``owner``.

        Raises ``VaultKeyMissing`` when its key is not held and ``Tampered`` when it was
        changed, cut, or sealed for another owner.
        """
        cipher = self._ciphers.get(sealed.kid)
        if cipher is None:
            raise VaultKeyMissing(sealed.kid)
        if len(sealed.box) < NONCE_BYTES + TAG_BYTES:
            raise Tampered
        nonce, ciphertext = sealed.box[:NONCE_BYTES], sealed.box[NONCE_BYTES:]
        try:
            return Secret(cipher.decrypt(nonce, ciphertext, _bound_to(sealed.kid, owner)).decode())
        except InvalidTag:
            raise Tampered from None

    def reseal(self, sealed: Sealed, owner: Owner) -> Sealed:
        """Return ``sealed`` itself when it is under the newest key, else the same secret under that key.

        Raises as ``open`` does.
        """
        if sealed.kid == self._newest:
            return sealed
        return self.seal(self.open(sealed, owner), owner)


def _bound_to(kid: str, owner: Owner) -> bytes:
    """Write the associated data so that no two owners ever share one: each part behind its length."""
    parts = [part.encode() for part in ("busker-vault", "v1", kid, *owner)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
