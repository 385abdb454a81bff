"""How a poller is put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import timedelta
from typing import Final

from services.poller.adapters.mongo_records import MongoRecords
from services.poller.adapters.process_watches import ProcessWatches
from services.poller.entrypoints.subscriptions import subscriptions
from services.poller.handlers.sights import Sights
from services.poller.handlers.slots import AT_ONCE, Slots
from services.poller.handlers.watch_job import Watching
from services.poller.settings import Settings
from shared.contracts.records import offer
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.market.kinds import kinds
from shared.providers.keys import ProviderKeys
from shared.providers.registry import open_providers
from shared.runtime.service import Process, Service
from shared.vault.vault import Vault

IDLE: Final = timedelta(seconds=15)
"""A look may be repeated, so its connection may be used again."""


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    """Open what watching needs, give the service, and close it all at the end."""
    vault, database = Vault(settings.vault_keys), process.database
    private = settings.allow_private_networks
    async with AsyncExitStack() as stack:
        names = stack.enter_context(closing(SystemNames()))
        session = await stack.enter_async_context(
            open_guarded_session(names, allow_private=private, keep_alive=IDLE, connections=AT_ONCE)
        )
        world = Watching(
            kinds=kinds(
                first_look=_seconds(settings.poll_initial_seconds), look_cap=_seconds(settings.poll_cap_seconds)
            ),
            providers=open_providers(session, process.clock, allow_private=private),
            keys=ProviderKeys(database[offer.COLLECTION], vault),
            announcer=process.announcer,
            watches=ProcessWatches(),
            records=MongoRecords(database),
            clock=process.clock,
            slots=Slots(),
            sights=Sights(),
        )
        yield Service(subscriptions(world))


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)
