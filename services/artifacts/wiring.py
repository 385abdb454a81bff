"""How an artifacts process is put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing

from services.artifacts.adapters.mongo_copies import MongoCopies
from services.artifacts.adapters.mongo_jobs import MongoJobs
from services.artifacts.adapters.mongo_outputs import MongoOutputs
from services.artifacts.adapters.output_documents import ensure_indexes
from services.artifacts.adapters.s3_objects import S3Objects
from services.artifacts.entrypoints.subscriptions import subscriptions
from services.artifacts.entrypoints.tickers import tickers
from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.streams import Streams
from services.artifacts.settings import Settings
from shared.contracts.records import artifact, offer
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.market.kinds import KINDS
from shared.providers.keys import ProviderKeys
from shared.providers.registry import open_providers
from shared.runtime.service import Process, Service
from shared.storage.objects import open_objects
from shared.vault.vault import Vault


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    """Open what keeping audio needs, give the service, and close it all at the end."""
    private, database = settings.allow_private_networks, process.database
    async with AsyncExitStack() as stack:
        objects = await stack.enter_async_context(open_objects(settings.store))
        names = stack.enter_context(closing(SystemNames()))
        session = await stack.enter_async_context(open_guarded_session(names, allow_private=private))
        await ensure_indexes(database[artifact.COLLECTION])
        world = Keeping(
            jobs=MongoJobs(database),
            outputs=MongoOutputs(database),
            copies=MongoCopies(database),
            objects=S3Objects(objects, process.clock),
            keys=ProviderKeys(database[offer.COLLECTION], Vault(settings.vault_keys)),
            providers=open_providers(session, process.clock, allow_private=private),
            kinds=KINDS,
            announcer=process.announcer,
            clock=process.clock,
            retention=settings.retention,
            streams=Streams(),
        )
        yield Service(subscriptions(world), tickers=tickers(world))
