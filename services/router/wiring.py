"""How a router is put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Final

from services.router.adapters.mongo_artifacts import MongoArtifacts
from services.router.adapters.mongo_attempts import MongoAttempts
from services.router.adapters.mongo_jobs import MongoJobs
from services.router.adapters.mongo_leftovers import MongoLeftovers
from services.router.adapters.mongo_offers import MongoOffers
from services.router.adapters.mongo_standings import MongoStandings
from services.router.entrypoints.subscriptions import AT_ONCE, subscriptions
from services.router.entrypoints.tickers import tickers
from services.router.entrypoints.usher import PLACES
from services.router.handlers.routing import Routing
from services.router.settings import Settings
from shared.contracts.records import offer
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.providers.keys import ProviderKeys
from shared.providers.registry import open_providers
from shared.runtime.service import Process, Service
from shared.vault.vault import Vault

CONNECTIONS: Final = AT_ONCE + PLACES
"""One for everything that may submit at once: who had to wait for one would find its provider out of reach."""


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    """Open what routing needs, give the service, and close it all at the end."""
    private, clock, database = settings.allow_private_networks, process.clock, process.database
    async with AsyncExitStack() as stack:
        names = stack.enter_context(closing(SystemNames()))
        # One connection a submit: a used one that breaks would leave its outcome unknown.
        session = await stack.enter_async_context(
            open_guarded_session(names, allow_private=private, connections=CONNECTIONS)
        )
        attempts, leftovers = MongoAttempts(database, clock), MongoLeftovers(database, clock)
        await attempts.ensure_indexes()
        await leftovers.ensure_indexes()
        routing = Routing(
            catalogue=settings.catalogue,
            attempts=attempts,
            standings=MongoStandings(database, clock),
            offers=MongoOffers(database),
            jobs=MongoJobs(database, clock),
            artifacts=MongoArtifacts(database),
            keys=ProviderKeys(database[offer.COLLECTION], Vault(settings.vault_keys)),
            providers=open_providers(session, clock, allow_private=private),
            clock=clock,
            random=process.random,
        )
        yield Service(
            subscriptions(routing, process.announcer),
            tickers=tickers(routing, leftovers, process.announcer),
        )
