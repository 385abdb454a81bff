"""Take an order: hold its maximum and store its job, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from services.api.domain.account import Held, Hold
from services.api.domain.backlog import Backlog
from services.api.domain.creation import created
from services.api.domain.estimate import Estimate, demanded, estimate
from services.api.domain.job_token import Signing
from services.api.domain.ledger import hold_entries
from services.api.domain.order import Accepted, IdempotencyKey, Order
from services.api.domain.outbox import Letter
from services.api.domain.refusals import (
    InsufficientBalance,
    ModelNotFound,
    Overloaded,
    Refusal,
    ServiceUnavailable,
    TooManyJobs,
)
from services.api.domain.storing import AlreadyStored, Inserted, Stored, Voided
from services.api.handlers.once import once
from services.api.handlers.release_hold import release_hold, release_late_hold
from services.api.ports import Accounts, Jobs, Ledger, Post, Requests, Unconfirmed, Urls, WebhookSecrets
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.clock import Clock, in_millis
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.market.book import OrderBook
from shared.market.catalogue import Catalogue
from shared.market.kinds import Kind
from shared.market.models import Model
from shared.market.parameters import settled

TRIES: Final = 3
KNOWN_WITHIN: Final = timedelta(seconds=20)
"""How long is tried to learn whether a job is stored."""
PAUSE: Final = 0.5
"""Seconds between two tries."""


@dataclass(frozen=True, slots=True)
class Submitting:
    """What every order needs."""

    catalogue: Catalogue
    kinds: Mapping[str, Kind]
    book: OrderBook
    requests: Requests
    accounts: Accounts
    ledger: Ledger
    jobs: Jobs
    post: Post
    secrets: WebhookSecrets
    signing: Signing
    clock: Clock
    fee_bps: int
    backlog: Backlog
    urls: Urls


async def submit_job(order: Order, *, world: Submitting) -> Accepted:
    """Accept the order as a job whose maximum is held and whose creation will be said, come what may.

    The same idempotency key gives the same job, however many ask at once and whatever the market,
    the catalogue or the name of a webhook's host has become since.  Raises ``ParameterRefused`` or a
    ``Refusal`` (model_not_found, webhook_url_not_allowed, minimum_discount_not_met, no_healthy_sellers,
    insufficient_balance, too_many_jobs, idempotency_in_flight, idempotency_key_reused,
    service_unavailable); then nothing is held and the key is free.  When the database cannot be
    reached, what was begun is undone by the sweeps, or taken up by a repetition.
    """
    if order.idempotency is None:
        return await _make(order, new_id(), world)
    return await _make_once(order, order.idempotency, world)


async def _make_once(order: Order, key: IdempotencyKey, world: Submitting) -> Accepted:
    """Make the job that the key names, or wait for whoever makes it."""

    async def made(job_id: str) -> Accepted | None:
        job = await world.jobs.find_of(order.buyer_id, job_id)
        return None if job is None else Accepted(job, replayed=True)

    async def make(job_id: str) -> Accepted:
        return await _make(order, job_id, world)

    async def give_up(job_id: str) -> bool:
        return await world.jobs.void(job_id, in_millis(world.clock.now())) is None

    return await once(
        order.buyer_id, key, made=made, make=make, give_up=give_up, requests=world.requests, clock=world.clock
    )


async def _make(order: Order, job_id: str, world: Submitting) -> Accepted:
    """Check, then make: a repetition of an accepted order is checked no more."""
    if world.backlog.full:
        raise Overloaded
    model = world.catalogue.find(order.parameters.model)
    if model is None:
        raise ModelNotFound(order.parameters.model)
    url = order.webhook_url
    checked = replace(
        order,
        parameters=settled(order.parameters, model),
        webhook_url=None if url is None else await world.urls.webhook(url),
    )
    return await _make_of(checked, model, job_id, world)


async def _make_of(order: Order, model: Model, job_id: str, world: Submitting) -> Accepted:
    """Hold, then store: a job is never without its hold, and a hold without a job is found by a sweep."""
    at = in_millis(world.clock.now())
    demand = demanded(order.parameters, model, order.floor, world.fee_bps)
    ends_at = at + world.kinds[model.kind].expires_after
    estimated = estimate(world.book.shelf(model.id), world.book.own(order.buyer_id), demand, at, ends_at=ends_at)
    if isinstance(estimated, Refusal):
        raise estimated
    if order.webhook_url is not None:
        await world.secrets.ensure(order.buyer_id, at)
    hold = await _hold(order.buyer_id, job_id, estimated.maximum, at, world)
    await world.ledger.write(*hold_entries(order.buyer_id, job_id, hold))
    job = _job(order=order, model=model, job_id=job_id, estimated=estimated, hold=hold, world=world)
    letter = world.post.letter(created(job, world.book.own_entries(order.buyer_id)))
    match await _store(job, letter, world):
        case AlreadyStored(made):
            if made.created_at != hold.at:
                # The other handler's job has had a hold of its own, which is settled; this one is nobody's.
                await release_late_hold(made, hold, at, accounts=world.accounts, ledger=world.ledger)
            return Accepted(made, replayed=True)
        case Voided():
            await release_hold(job.buyer_id, job.id, hold, at, accounts=world.accounts, ledger=world.ledger)
            raise ServiceUnavailable
    world.post.send(world.jobs, job.id, letter)
    return Accepted(job, replayed=False)


async def _hold(buyer_id: str, job_id: str, amount: Money, at: datetime, world: Submitting) -> Hold:
    for _ in range(TRIES):
        outcome = await world.accounts.hold(buyer_id, job_id, amount, at)
        if isinstance(outcome, Held):
            return outcome.hold
        account = outcome.account
        if account.in_flight >= account.limits.jobs_in_flight:
            raise TooManyJobs(account.limits.jobs_in_flight)
        if account.available < amount:
            raise InsufficientBalance(needed=amount, available=account.available)
        # Between the refusal and the reading, another job gave its hold back.
    raise ServiceUnavailable


def _job(*, order: Order, model: Model, job_id: str, estimated: Estimate, hold: Hold, world: Submitting) -> JobRecord:
    return JobRecord(
        id=job_id,
        kind=model.kind,
        buyer_id=order.buyer_id,
        status=JobStatus.QUEUED,
        parameters=order.parameters,
        minimum_discount=None if order.floor is None else order.floor.percent,
        reference_cost=estimated.reference,
        estimated_cost=min(estimated.cost, hold.amount),
        max_cost=hold.amount,
        fee_bps=world.fee_bps,
        created_at=hold.at,
        expires_at=hold.at + world.kinds[model.kind].expires_after,
        metadata=order.metadata,
        webhook_url=order.webhook_url,
        token_key_id=world.signing.newest,
    )


async def _store(job: JobRecord, letter: Letter, world: Submitting) -> Stored:
    """Store the job; where it is not known whether that worked, make it known."""
    try:
        return await world.jobs.insert(job, letter)
    except Unconfirmed:
        return await _made_known(job, world)


async def _made_known(job: JobRecord, world: Submitting) -> Stored:
    """Give the job up unless it is stored: to answer that there is none while there is one would charge for it.

    Raises ``Unconfirmed`` when the database does not say so in all that time.
    """
    deadline = world.clock.monotonic() + KNOWN_WITHIN.total_seconds()
    while True:
        try:
            stored = await world.jobs.void(job.id, job.created_at)
        except Unconfirmed:
            if world.clock.monotonic() >= deadline:
                raise
            await world.clock.sleep(PAUSE)
        else:
            return Voided() if stored is None else _as_stored(stored, job)


def _as_stored(stored: JobRecord, job: JobRecord) -> Stored:
    """A job is created at the instant of its hold: by that it is told from another handler's."""
    return Inserted() if stored.created_at == job.created_at else AlreadyStored(stored)
