"""API keys: 160 random bits and more, a check digit's worth of CRC, and only their hash is kept."""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.api.domain.account import Limits, Role
from shared.kernel.secret import Secret

PREFIXES: Final = {Role.BUYER: "inf_", Role.SELLER: "sel_"}
RANDOM_BYTES: Final = 24
MOST_KEYS: Final = 25
SHOWN: Final = 10
"""How many leading characters of a key are kept to be recognised by."""

_SHAPE: Final = re.compile(r"(?:inf|sel)_[0-9a-f]{48}[0-9a-f]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept and listed."""

    id: str
    account_id: str
    role: Role
    label: str
    prefix: str
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def good_at(self, at: datetime) -> bool:
        """Whether the key opens anything at that instant."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with the text that is shown this once."""

    key: ApiKey
    text: Secret


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, as their key says."""

    account_id: str
    role: Role
    key_id: str
    limits: Limits


def key_text(role: Role, random: bytes) -> Secret:
    """The key that these random bytes make."""
    body = PREFIXES[role] + random.hex()
    return Secret(body + _check(body))


def well_formed(text: str) -> bool:
    """Whether ``text`` can be a key at all: shape and checksum, so that a typing error costs no look-up."""
    return _SHAPE.fullmatch(text) is not None and _check(text[:-8]) == text[-8:]


def digest(text: str) -> str:
    """What is kept of a key.  A random key needs no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check(body: str) -> str:
    return f"{binascii.crc32(body.encode()):08x}"
