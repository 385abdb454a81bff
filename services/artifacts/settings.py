"""What an artifacts process is told by its environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Final

from pydantic import Field

from shared.runtime.settings import Bind, ObjectStoreSettings, ProcessSettings, VaultKeysSetting

LONGEST_SECONDS: Final = 366 * 86_400
"""Of keeping an artifact.  Far beyond it, instants end."""


class Settings(ProcessSettings, ObjectStoreSettings):
    """What each of them is for stands in ``deploy/example.env``."""

    SERVICE: ClassVar[str] = "artifacts"

    artifacts_admin_bind: Bind = ("127.0.0.1", 9104)
    vault_keys: VaultKeysSetting
    media_artifact_ttl_seconds: Annotated[int, Field(gt=0, le=LONGEST_SECONDS)] = 10_800

    @property
    def retention(self) -> timedelta:
        """How long buyers may fetch what is stored."""
        return timedelta(seconds=self.media_artifact_ttl_seconds)
