"""What a router is told by its environment."""

from typing import ClassVar

from shared.runtime.settings import Bind, CatalogueSettings, ProcessSettings, VaultKeysSetting


class Settings(ProcessSettings, CatalogueSettings):
    """What each of them is for stands in ``deploy/example.env``."""

    SERVICE: ClassVar[str] = "router"

    router_admin_bind: Bind = ("127.0.0.1", 9102)
    vault_keys: VaultKeysSetting
