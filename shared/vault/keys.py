"""The keys of the vault, as VAULT_KEYS lists them."""

import base64
import binascii
import re
from dataclasses import dataclass, field

KEY_BYTES = 32
_KID = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


class VaultKeysMalformed(ValueError):
    """VAULT_KEYS cannot be read.  The message names the entry by its place and never shows a key."""


@dataclass(frozen=True, slots=True)
class VaultKey:
    """One AES-256 key and the id that sealed values carry to find it again."""

    kid: str
    key: bytes = field(repr=False)


def parse_vault_keys(text: str) -> tuple[VaultKey, ...]:
    """Read ``kid:base64,kid2:base64``, newest first.

    Raises ``VaultKeysMalformed`` unless there is at least one entry, all ids differ
    and each key is 32 bytes in standard base64.
    """
    entries = text.split(",")
    keys = tuple(_parse_entry(entry.strip(), place) for place, entry in enumerate(entries, start=1))
    if len({key.kid for key in keys}) < len(keys):
        raise VaultKeysMalformed("VAULT_KEYS: two entries have the same id")
    return keys


def _parse_entry(entry: str, place: int) -> VaultKey:
    kid, colon, encoded = entry.partition(":")
    if not colon or not _KID.fullmatch(kid):
        raise VaultKeysMalformed(
            f"VAULT_KEYS: entry {place} must read id:key, the id being 1 to 32 letters, digits, - or _"
        )
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        # The cause would carry the key itself.
        raise VaultKeysMalformed(f"VAULT_KEYS: the key of entry {place} is not base64") from None
    if len(key) != KEY_BYTES:
        raise VaultKeysMalformed(
            f"VAULT_KEYS: the key of entry {place} must be {KEY_BYTES} bytes; make one with: openssl rand -base64 32"
        )
    return VaultKey(kid, key)
