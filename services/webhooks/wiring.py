"""How a webhooks process is put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import timedelta
from functools import partial
from typing import Final

from services.webhooks.adapters.guarded_receiver import GuardedReceiver
from services.webhooks.adapters.linked_views import LinkedViews
from services.webhooks.adapters.mongo_deliveries import COLLECTION, MongoDeliveries, ensure_indexes
from services.webhooks.adapters.mongo_jobs import MongoJobs
from services.webhooks.adapters.sealed_secrets import SealedSecrets
from services.webhooks.entrypoints.courier import AT_ONCE, Courier
from services.webhooks.entrypoints.subscriptions import subscriptions
from services.webhooks.handlers.deliver import Sending
from services.webhooks.handlers.find_missed import find_missed
from services.webhooks.settings import Settings
from shared.contracts.records import job, webhook_secret
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.runtime.service import Process, Service
from shared.runtime.tickers import Ticker
from shared.storage.links import Links
from shared.storage.mongo import open_database
from shared.storage.objects import open_objects
from shared.vault.vault import Vault

MISSED_EVERY: Final = timedelta(seconds=30)


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    """Open what telling buyers needs, give the service, and close it all at the end."""
    private = settings.allow_private_networks
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            open_database(settings.mongo_url.reveal(), settings.mongo_database, settings.mongo_driver)
        )
        objects = await stack.enter_async_context(open_objects(settings.store))
        names = stack.enter_context(closing(SystemNames()))
        session = await stack.enter_async_context(
            open_guarded_session(names, allow_private=private, connections=AT_ONCE)
        )
        await ensure_indexes(database[COLLECTION])
        jobs, deliveries = MongoJobs(database[job.COLLECTION]), MongoDeliveries(database[COLLECTION])
        courier = Courier(
            Sending(
                jobs=jobs,
                deliveries=deliveries,
                secrets=SealedSecrets(database[webhook_secret.COLLECTION], Vault(settings.vault_keys), process.clock),
                views=LinkedViews(Links(objects, process.clock), settings.api_public_url),
                receiver=GuardedReceiver(session, process.clock, allow_private=private),
                announcer=process.announcer,
                clock=process.clock,
                random=process.random,
                ladder=settings.webhook_ladder_seconds,
            )
        )
        await stack.enter_async_context(courier.at_work())
        look_for_missed = partial(find_missed, jobs=jobs, deliveries=deliveries, wake=courier.wake, clock=process.clock)
        yield Service(
            subscriptions(jobs=jobs, deliveries=deliveries, wake=courier.wake, clock=process.clock),
            tickers=[Ticker("missed endings", MISSED_EVERY, look_for_missed)],
        )
