"""How api is put together."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from typing import Final

from services.api.adapters.post import BusPost, open_post
from services.api.adapters.process_keys import ProcessKeys
from services.api.adapters.process_watches import ProcessWatches
from services.api.adapters.s3_media import S3Media
from services.api.adapters.stores import Stores, open_stores
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
from shared.egress.session import GuardedSession, open_guarded_session
from shared.market.book import OrderBook
from shared.market.kinds import Kind, kinds
from shared.messaging.bus import Bus
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.topology import Queue
from shared.providers.registry import open_providers
from shared.runtime.service import Process, Service, Site
from shared.storage.links import Links
from shared.storage.objects import Objects, open_objects
from shared.vault.vault import Vault

OPEN: Final = 2000
"""Waits, event streams and downloads, of each as many, that one process keeps open."""
OPEN_EACH: Final = 500
"""The same for the jobs of one account: one for each job that it may have in flight, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What is opened once and closed at the end."""

    stores: Stores
    objects: Objects
    names: SystemNames
    session: GuardedSession
    post: BusPost


@dataclass(frozen=True, slots=True)
class Inside:
    """What more than one way into api works with."""

    settling: Settling
    crediting: Crediting
    selling: Selling
    resealing: Resealing
    kinds: Mapping[str, Kind]
    watches: ProcessWatches
    remembered: ProcessKeys
    backlog: Backlog


@asynccontextmanager
async def build(settings: Settings, process: Process) -> AsyncIterator[Service]:
    """Open what api needs, give the service, and close it all at the end."""
    vault = Vault(settings.vault_keys)
    async with AsyncExitStack() as stack:
        outside = await _open(settings, process, vault, stack)
        inside = _inside(settings, process, vault, outside)
        stores, book = outside.stores, inside.selling.book
        await try_keys(world=inside.resealing)
        # The broker may be away, and orders are taken all the same.
        await refresh_book(book=book, offers=stores.offers, standings=stores.standings)
        site = Site(settings.api_bind, http_app(_world(settings, process, outside, inside)))
        yield Service(subscriptions(_hearing(stores, inside)), tickers(_sweeping(stores, inside)), [site])


async def _open(settings: Settings, process: Process, vault: Vault, stack: AsyncExitStack) -> Outside:
    objects = await stack.enter_async_context(open_objects(settings.store))
    names = stack.enter_context(closing(SystemNames()))
    return Outside(
        stores=await open_stores(process.database, vault, secrets.token_bytes),
        objects=objects,
        names=names,
        session=await stack.enter_async_context(
            open_guarded_session(names, allow_private=settings.allow_private_networks)
        ),
        post=await stack.enter_async_context(open_post(process.announcer, process.clock)),
    )


def _inside(settings: Settings, process: Process, vault: Vault, outside: Outside) -> Inside:
    stores, post, clock = outside.stores, outside.post, process.clock
    return Inside(
        settling=Settling(stores.jobs, stores.accounts, stores.ledger, post, clock),
        crediting=Crediting(stores.accounts, stores.ledger, clock),
        selling=Selling(
            catalogue=settings.catalogue,
            providers=open_providers(outside.session, clock, allow_private=settings.allow_private_networks),
            offers=stores.offers,
            vault=vault,
            post=post,
            clock=clock,
            book=OrderBook(),
            requests=stores.requests,
            urls=Urls(outside.names, settings.allow_private_networks),
        ),
        resealing=Resealing(stores.sealed, vault),
        kinds=kinds(expires_after=settings.job_expiry),
        watches=ProcessWatches(),
        remembered=ProcessKeys(clock),
        backlog=Backlog(),
    )


def _world(settings: Settings, process: Process, outside: Outside, inside: Inside) -> World:
    """What the routes are served with."""
    stores, clock, signing = outside.stores, process.clock, Signing(settings.signing_secrets)
    return World(
        authenticating=Authenticating(stores.keys, stores.accounts, inside.remembered, clock),
        submitting=_submitting(settings, outside, inside, signing),
        canceling=Canceling(inside.settling, stores.attempts, signing),
        following=Following(stores.jobs, inside.watches, signing, clock),
        keeping=Keeping(stores.keys, clock, secrets.token_bytes),
        selling=inside.selling,
        resealing=inside.resealing,
        crediting=inside.crediting,
        remembered=inside.remembered,
        asking=Asking(stores.deliveries, stores.secrets, process.announcer, clock),
        books=stores.books,
        histories=stores.histories,
        lately=Lately(stores.activity, clock),
        board=Board(clock),
        dead_letters=_dead_letters(process.bus),
        vault=inside.selling.vault,
        links=Links(outside.objects, clock),
        media=S3Media(outside.objects),
        urls=Urls(outside.names, settings.allow_private_networks),
        places=Places(OPEN, OPEN_EACH),
        rates=Rates(clock),
        clock=clock,
        public_url=settings.api_public_url,
        admin_token=settings.admin_token,
    )


def _submitting(settings: Settings, outside: Outside, inside: Inside, signing: Signing) -> Submitting:
    stores, selling = outside.stores, inside.selling
    return Submitting(
        catalogue=selling.catalogue,
        kinds=inside.kinds,
        book=selling.book,
        requests=stores.requests,
        accounts=stores.accounts,
        ledger=stores.ledger,
        jobs=stores.jobs,
        post=outside.post,
        secrets=stores.secrets,
        signing=signing,
        clock=selling.clock,
        fee_bps=settings.marketplace_fee_bps,
        backlog=inside.backlog,
        urls=selling.urls,
    )


def _hearing(stores: Stores, inside: Inside) -> Hearing:
    """What messages are heard with."""
    return Hearing(
        settling=inside.settling,
        attempts=stores.attempts,
        catalogue=inside.selling.catalogue,
        watches=inside.watches,
        remembered=inside.remembered,
        book=inside.selling.book,
        offers=stores.offers,
        standings=stores.standings,
    )


def _sweeping(stores: Stores, inside: Inside) -> Sweeping:
    """What the sweeps need."""
    return Sweeping(
        settling=inside.settling,
        crediting=inside.crediting,
        selling=inside.selling,
        resealing=inside.resealing,
        attempts=stores.attempts,
        standings=stores.standings,
        book=inside.selling.book,
        kinds=inside.kinds,
        outboxes=(stores.jobs, stores.offers, stores.keys),
        books=stores.books,
        backlog=inside.backlog,
    )


def _dead_letters(bus: Bus) -> Mapping[str, DeadLetters]:
    """What every service set aside, for the operator."""
    services = sorted({fact.said_by for fact in FACTS.values()})
    return {name: bus.dead_letters(Queue(queue_name(name), ())) for name in services}
