"""What a poller is told by its environment."""

from typing import Annotated, ClassVar, Final, TypeAlias

from pydantic import Field

from shared.runtime.settings import Bind, ProcessSettings, VaultKeysSetting

SHORTEST_WAIT: Final = 0.01
LONGEST_WAIT: Final = 600.0
"""Seconds between looks; a job's whole time is not much longer."""

Wait: TypeAlias = Annotated[float, Field(ge=SHORTEST_WAIT, le=LONGEST_WAIT, allow_inf_nan=False)]


class Settings(ProcessSettings):
    """What each of them is for stands in ``deploy/example.env``."""

    SERVICE: ClassVar[str] = "poller"

    poller_admin_bind: Bind = ("127.0.0.1", 9103)
    vault_keys: VaultKeysSetting
    poll_initial_seconds: Wait | None = None
    poll_cap_seconds: Wait | None = None
