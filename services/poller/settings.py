"""What a poller is told by its environment."""

from typing import ClassVar

from shared.runtime.settings import Bind, ProcessSettings, VaultKeysSetting


class Settings(ProcessSettings):
    """What each of them is for stands in ``deploy/example.env``."""

    SERVICE: ClassVar[str] = "poller"

    poller_admin_bind: Bind = ("127.0.0.1", 9103)
    vault_keys: VaultKeysSetting
    poll_initial_seconds: float | None = None
    poll_cap_seconds: float | None = None
