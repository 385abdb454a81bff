"""Job tokens: derived from the job's id, never stored, good for one job while its secret is listed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.kernel.secret import Secret

PREFIX: Final = "mjt_"
_LEAST_BYTES: Final = 32
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


class SigningSecretsMalformed(ValueError):
    """SIGNING_SECRETS cannot be read.  The message names the entry by its place and never shows a secret."""


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """One secret of at least 256 bits, and the id that jobs store."""

    id: str
    key: bytes = field(repr=False)


class Signing:
    """Makes and checks tokens: makes with the newest secret or the one a job names, checks with all."""

    def __init__(self, secrets: Sequence[SigningSecret]) -> None:
        """Take ``secrets`` newest first; there must be at least one."""
        self._secrets = tuple(secrets)
        self._by_id = {secret.id: secret for secret in secrets}

    @property
    def newest(self) -> str:
        """The id of the secret for new jobs."""
        return self._secrets[0].id

    def token(self, job_id: str, secret_id: str) -> Secret | None:
        """The token of a job; None when its secret is not listed any more."""
        secret = self._by_id.get(secret_id)
        return None if secret is None else Secret(_token(secret, job_id))

    def verifies(self, job_id: str, token: str) -> bool:
        """Whether ``token`` is this job's under any listed secret; the time taken does not tell which or how near."""
        given = token.encode("utf-8", "surrogatepass")
        matches = [hmac.compare_digest(_token(secret, job_id).encode(), given) for secret in self._secrets]
        return any(matches)


def parse_signing_secrets(text: str) -> tuple[SigningSecret, ...]:
    """Read ``id:base64,id2:base64``, newest first; raises :class:`SigningSecretsMalformed`."""
    secrets = tuple(_parse(entry.strip(), place) for place, entry in enumerate(text.split(","), start=1))
    if len({secret.id for secret in secrets}) < len(secrets):
        raise SigningSecretsMalformed("SIGNING_SECRETS: two entries have the same id")
    return secrets


def _parse(entry: str, place: int) -> SigningSecret:
    name, colon, encoded = entry.partition(":")
    if not colon or not _ID.fullmatch(name):
        raise SigningSecretsMalformed(f"SIGNING_SECRETS: entry {place} must read id:secret")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        # The cause would carry the secret itself.
        raise SigningSecretsMalformed(f"SIGNING_SECRETS: the secret of entry {place} is not base64") from None
    if len(key) < _LEAST_BYTES:
        raise SigningSecretsMalformed(f"SIGNING_SECRETS: the secret of entry {place} has fewer than 32 bytes")
    return SigningSecret(name, key)


def _token(secret: SigningSecret, job_id: str) -> str:
    mac = hmac.digest(secret.key, b"job-token:" + job_id.encode(), hashlib.sha256)
    return PREFIX + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
