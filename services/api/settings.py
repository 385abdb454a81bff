"""What api is told by its environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field, PlainSerializer

from services.api.domain.job_token import SigningSecret, SigningSecretsMalformed, parse_signing_secrets
from shared.kernel.secret import Secret
from shared.runtime.settings import (
    Bind,
    CatalogueSettings,
    ObjectStoreSettings,
    ProcessSettings,
    PublicUrl,
    Shortened,
    VaultKeysSetting,
)

SHORTEST_TOKEN: Final = 8


def _signing_secrets(value: object) -> tuple[SigningSecret, ...]:
    if isinstance(value, tuple):
        return value
    try:
        return parse_signing_secrets(str(value))
    except SigningSecretsMalformed as error:
        raise ValueError(str(error).removeprefix("SIGNING_SECRETS: ")) from None


def _admin_token(value: object) -> Secret | None:
    if value is None or isinstance(value, Secret):
        return value
    text = str(value)
    if 0 < len(text) < SHORTEST_TOKEN:
        raise ValueError(f"must have at least {SHORTEST_TOKEN} characters; empty, there are no operator's paths")
    return Secret(text) if text else None


class Settings(ProcessSettings, ObjectStoreSettings, CatalogueSettings):
    """What each of them is for stands in ``deploy/example.env``."""

    SERVICE: ClassVar[str] = "api"

    api_bind: Bind = ("0.0.0.0", 8080)  # noqa: S104 - it is the one service that the world reaches
    api_admin_bind: Bind = ("127.0.0.1", 9101)
    api_public_url: PublicUrl
    admin_token: Annotated[Secret | None, BeforeValidator(_admin_token), PlainSerializer(repr)] = None
    signing_secrets: Annotated[tuple[SigningSecret, ...], BeforeValidator(_signing_secrets), PlainSerializer(repr)]
    vault_keys: VaultKeysSetting
    marketplace_fee_bps: Annotated[int, Field(ge=0, le=10_000)] = 0
    job_expiry_seconds: Shortened = None

    @property
    def job_expiry(self) -> timedelta | None:
        """How long a job may take, where that is shortened."""
        return None if self.job_expiry_seconds is None else timedelta(seconds=self.job_expiry_seconds)
