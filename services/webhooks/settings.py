"""What a webhooks process is told by its environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from services.webhooks.domain.ladder import LADDER
from shared.runtime.settings import Bind, ObjectStoreSettings, ProcessSettings, PublicUrl, VaultKeysSetting


def _ladder(value: object) -> tuple[timedelta, ...]:
    if isinstance(value, tuple):
        return value
    try:
        steps = tuple(timedelta(seconds=float(step)) for step in str(value).split(","))
    except (ValueError, OverflowError):
        raise ValueError("must be seconds, separated by commas, such as 0,5,30") from None
    if any(step < timedelta() for step in steps):
        raise ValueError("must not be negative")
    return steps


class Settings(ProcessSettings, ObjectStoreSettings):
    """What each of them is for stands in ``deploy/example.env``."""

    SERVICE: ClassVar[str] = "webhooks"

    webhooks_admin_bind: Bind = ("127.0.0.1", 9105)
    api_public_url: PublicUrl
    vault_keys: VaultKeysSetting
    webhook_ladder_seconds: Annotated[tuple[timedelta, ...], BeforeValidator(_ladder)] = LADDER
