"""Artifacts processes as they run, on real servers, and ears on the broker."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from shared.contracts.artifact_events import ArtifactEvent
from shared.contracts.job_events import JobGenerated
from shared.storage.mongo import Database
from shared.vault.keys import parse_vault_keys
from shared.vault.vault import Vault
from tests.integration.artifacts.orders import place_order
from tests.integration.simulator.caller import Caller
from tests.kit.ears import Ears
from tests.kit.processes import Service, running_service


@dataclass
class Stage:
    """Everything but the processes."""

    environment: dict[str, str]
    database: Database
    provider: Caller
    ears: Ears
    folder: Path

    def keeper(self, **settings: str) -> AbstractAsyncContextManager[Service]:
        """One more process, ready to hear, until the block ends."""
        return running_service("artifacts", self.environment | settings, self.folder, within=60)

    async def order(self, *, seconds: int = 3, **fields: object) -> JobGenerated:
        """A job that its provider renders, and the news of it, not said yet."""
        vault = Vault(parse_vault_keys(self.environment["VAULT_KEYS"]))
        return await place_order(self.provider, self.database, vault, seconds=seconds, **fields)

    def said_of(self, news: JobGenerated) -> list[ArtifactEvent]:
        """What was said of the job's audio."""
        return [said for said in self.ears.heard if isinstance(said, ArtifactEvent) and said.job_id == news.job_id]
