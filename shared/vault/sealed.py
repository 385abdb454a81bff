"""A sealed value, in the form in which it is stored."""

import base64
import re
from dataclasses import dataclass, field
from typing import Self

from shared.vault.errors import Tampered

_STORED = re.compile(r"v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext and the id of its key.  ``str()`` is ``v1.<kid>.<base64url>``, safe to store as it is."""

    kid: str
    box: bytes = field(repr=False)
    """Nonce, ciphertext and tag, in this order."""

    def __str__(self) -> str:
        return f"v1.{self.kid}.{_encode(self.box)}"

    @classmethod
    def parse(cls, stored: str) -> Self:
        """Read what ``str()`` wrote.  Raises ``Tampered`` for anything else, to the last character."""
        match = _STORED.fullmatch(stored)
        if match is None:
            raise Tampered
        kid, encoded = match.groups()
        try:
            box = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        except ValueError:
            raise Tampered from None
        if _encode(box) != encoded:
            raise Tampered
        return cls(kid, box)


def _encode(box: bytes) -> str:
    return base64.urlsafe_b64encode(box).rstrip(b"=").decode("ascii")
