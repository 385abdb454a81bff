"""How a webhooks process is put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Final

from services.webhooks.adapters.guarded_receiver import GuardedReceiver
from services.webhooks.adapters.linked_views import LinkedViews
from services.webhooks.adapters.mongo_deliveries import MongoDeliveries
from services.webhooks.adapters.mongo_jobs import MongoJobs
from services.webhooks.adapters.sealed_secrets import SealedSecrets
from services.webhooks.domain.receivers import PLACES
from services.webhooks.entrypoints.courier import Courier
from services.webhooks.entrypoints.subscriptions import subscriptions
from services.webhooks.entrypoints.tickers import tickers
from services.webhooks.handlers.compose_post import Composing
from services.webhooks.handlers.conclude_attempt import Concluding
from services.webhooks.handlers.send_attempt import Sending
from services.webhooks.settings import Settings
from shared.contracts.records import delivery, job, webhook_secret
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.runtime.service import Process, Service
from shared.storage.links import Links
from shared.storage.objects import open_objects
from shared.vault.vault import Vault

LOOKUPS: Final = 128
"""Names looked up at once: a receiver's name server that hangs holds one of these."""


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    """Open what telling buyers needs, give the service, and close it all at the end."""
    clock, database, private = process.clock, process.database, settings.allow_private_networks
    async with AsyncExitStack() as stack:
        objects = await stack.enter_async_context(open_objects(settings.store))
        names = stack.enter_context(closing(SystemNames(LOOKUPS)))
        session = await stack.enter_async_context(
            open_guarded_session(names, allow_private=private, connections=PLACES)
        )
        jobs = MongoJobs(database[job.COLLECTION])
        deliveries = MongoDeliveries(database[delivery.COLLECTION])
        await deliveries.ensure_indexes()
        secrets = SealedSecrets(database[webhook_secret.COLLECTION], Vault(settings.vault_keys), clock)
        views = LinkedViews(Links(objects, clock), settings.api_public_url)
        receiver = GuardedReceiver(session, clock, allow_private=private)
        courier = Courier(
            deliveries,
            Sending(Composing(jobs, secrets, views, clock), receiver, clock),
            Concluding(deliveries, process.announcer, settings.webhook_ladder_seconds, process.random),
            clock,
        )
        yield Service(
            subscriptions(jobs=jobs, deliveries=deliveries, wake=courier.wake, clock=clock),
            tickers=tickers(
                courier=courier, jobs=jobs, deliveries=deliveries, announcer=process.announcer, clock=clock
            ),
        )
