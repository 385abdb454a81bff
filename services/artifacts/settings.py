"""What an artifacts process is told by its environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from shared.runtime.settings import Bind, ObjectStoreSettings, ProcessSettings, VaultKeysSetting


class Settings(ProcessSettings, ObjectStoreSettings):
    """See the table of settings in the README."""

    SERVICE: ClassVar[str] = "artifacts"

    artifacts_admin_bind: Bind = ("127.0.0.1", 9104)
    vault_keys: VaultKeysSetting
    media_artifact_ttl_seconds: Annotated[int, Field(gt=0)] = 10_800

    @property
    def retention(self) -> timedelta:
        """How long buyers may fetch what is stored."""
        return timedelta(seconds=self.media_artifact_ttl_seconds)
