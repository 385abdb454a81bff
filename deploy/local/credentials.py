"""The secrets of one stack: made at its first start, kept for its owner alone."""

import base64
import secrets
from dataclasses import asdict, dataclass, field

from deploy.local.state import StateFolder

KEPT = "credentials.json"


@dataclass(frozen=True)
class Credentials:
    """Fresh ones every time; ``of`` gives the ones that a stack keeps."""

    rabbitmq_user: str = "busker"
    rabbitmq_password: str = field(default_factory=lambda: secrets.token_hex(20), repr=False)
    s3_access_key: str = field(default_factory=lambda: f"local{secrets.token_hex(8)}")
    s3_secret_key: str = field(default_factory=lambda: secrets.token_hex(20), repr=False)
    admin_token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    signing_secrets: str = field(default_factory=lambda: _named_key("sign"), repr=False)
    vault_keys: str = field(default_factory=lambda: _named_key("vault"), repr=False)

    @classmethod
    def of(cls, folder: StateFolder) -> "Credentials":
        """Return what the folder keeps; what it lacks is made and kept."""
        known = folder.read(KEPT)
        found = cls(**known)
        if asdict(found) != known:
            folder.save(KEPT, asdict(found))
        return found


def _named_key(name: str) -> str:
    return f"{name}{secrets.token_hex(2)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"
