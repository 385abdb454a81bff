"""How api is put together."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Final

from services.api.adapters.post import open_post
from services.api.adapters.process_keys import ProcessKeys
from services.api.adapters.process_watches import ProcessWatches
from services.api.adapters.s3_media import S3Media
from services.api.adapters.stores import open_stores
from services.api.domain.backlog import Backlog
from services.api.domain.job_token import Signing
from services.api.entrypoints.http.app import http_app
from services.api.entrypoints.http.board import Board
from services.api.entrypoints.http.lately import Lately
from services.api.entrypoints.http.places import Places
from services.api.entrypoints.http.rates import Rates
from services.api.entrypoints.http.urls import Urls
from services.api.entrypoints.http.world import World
from services.api.entrypoints.subscriptions import Hearing, subscriptions
from services.api.entrypoints.tickers import Sweeping, tickers
from services.api.handlers.add_credit import Crediting
from services.api.handlers.ask_for_delivery import Asking
from services.api.handlers.authenticate import Authenticating
from services.api.handlers.cancel_job import Canceling
from services.api.handlers.create_key import Keeping
from services.api.handlers.create_offer import Selling
from services.api.handlers.follow_job import Following
from services.api.handlers.keep_book import refresh_book
from services.api.handlers.reseal import Resealing, try_keys
from services.api.handlers.settle_job import Settling
from services.api.handlers.submit_job import Submitting
from services.api.settings import Settings
from shared.contracts.addressed import queue_name
from shared.contracts.facts import FACTS
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.market.book import OrderBook
from shared.market.kinds import kinds
from shared.messaging.bus import Bus
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.topology import Queue
from shared.providers.registry import open_providers
from shared.runtime.service import Process, Service, Site
from shared.storage.links import Links
from shared.storage.mongo import open_database
from shared.storage.objects import open_objects
from shared.vault.vault import Vault

OPEN: Final = 2000
"""Waits, event streams and downloads, of each as many, that one process keeps open."""


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    """Open what api needs, give the service, and close it all at the end."""
    private, clock = settings.allow_private_networks, process.clock
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            open_database(settings.mongo_url.reveal(), settings.mongo_database, settings.mongo_driver)
        )
        objects = await stack.enter_async_context(open_objects(settings.store))
        names = stack.enter_context(closing(SystemNames()))
        session = await stack.enter_async_context(open_guarded_session(names, allow_private=private))
        post = await stack.enter_async_context(open_post(process.announcer, clock))

        vault, signing = Vault(settings.vault_keys), Signing(settings.signing_secrets)
        catalogue, book, every_kind = settings.catalogue, OrderBook(), kinds(expires_after=settings.job_expiry)
        watches, remembered, backlog = ProcessWatches(), ProcessKeys(clock), Backlog()
        stores = await open_stores(database, vault, secrets.token_bytes)

        settling = Settling(stores.jobs, stores.accounts, stores.ledger, post, clock)
        crediting = Crediting(stores.accounts, stores.ledger, clock)
        selling = Selling(
            catalogue=catalogue,
            providers=open_providers(session, clock, allow_private=private),
            offers=stores.offers,
            vault=vault,
            post=post,
            clock=clock,
            book=book,
            requests=stores.requests,
        )
        resealing = Resealing(stores.sealed, vault)
        world = World(
            authenticating=Authenticating(stores.keys, stores.accounts, remembered, clock),
            submitting=Submitting(
                catalogue=catalogue,
                kinds=every_kind,
                book=book,
                requests=stores.requests,
                accounts=stores.accounts,
                ledger=stores.ledger,
                jobs=stores.jobs,
                post=post,
                secrets=stores.secrets,
                signing=signing,
                clock=clock,
                fee_bps=settings.marketplace_fee_bps,
                backlog=backlog,
            ),
            canceling=Canceling(settling, stores.attempts, signing),
            following=Following(stores.jobs, watches, signing, clock),
            keeping=Keeping(stores.keys, clock, secrets.token_bytes),
            selling=selling,
            resealing=resealing,
            crediting=crediting,
            remembered=remembered,
            asking=Asking(stores.deliveries, stores.secrets, process.announcer, clock),
            books=stores.books,
            histories=stores.histories,
            lately=Lately(stores.activity, clock),
            board=Board(clock),
            dead_letters=_dead_letters(process.bus),
            vault=vault,
            links=Links(objects, clock),
            media=S3Media(objects),
            urls=Urls(names, private),
            places=Places(OPEN),
            rates=Rates(clock),
            clock=clock,
            public_url=settings.api_public_url,
            admin_token=settings.admin_token,
        )
        hearing = Hearing(
            settling=settling,
            attempts=stores.attempts,
            catalogue=catalogue,
            watches=watches,
            remembered=remembered,
            book=book,
            offers=stores.offers,
            standings=stores.standings,
        )
        sweeping = Sweeping(
            settling=settling,
            crediting=crediting,
            selling=selling,
            resealing=resealing,
            attempts=stores.attempts,
            standings=stores.standings,
            book=book,
            kinds=every_kind,
            outboxes=(stores.jobs, stores.offers, stores.keys),
            books=stores.books,
            backlog=backlog,
        )
        await try_keys(world=resealing)
        # The broker may be away, and orders are taken all the same.
        await refresh_book(book=book, offers=stores.offers, standings=stores.standings)
        yield Service(subscriptions(hearing), tickers(sweeping), [Site(settings.api_bind, http_app(world))])


def _dead_letters(bus: Bus) -> Mapping[str, DeadLetters]:
    """What every service set aside, for the operator."""
    services = sorted({fact.said_by for fact in FACTS.values()})
    return {name: bus.dead_letters(Queue(queue_name(name), ())) for name in services}
