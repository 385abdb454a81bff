"""What api hears, and what each of its processes listens to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from services.api.handlers.deliver_job import deliver_job
from services.api.handlers.end_unroutable import end_unroutable
from services.api.handlers.expire_result import expire_result
from services.api.handlers.forget_key import forget_key
from services.api.handlers.keep_book import hear_offer, hear_standing, refresh_book
from services.api.handlers.note_routed import note_routed
from services.api.handlers.note_running import note_running
from services.api.handlers.settle_job import Settling
from services.api.handlers.tell_watchers import tell_watchers
from services.api.ports import Attempts, Offers, RememberedKeys, Standings, Watches
from shared.contracts.artifact_events import ArtifactExpired, ArtifactStored
from shared.contracts.event import Event, JobEvent
from shared.contracts.job_events import (
    JobCanceled,
    JobExpired,
    JobFailed,
    JobRouted,
    JobRunning,
    JobSucceeded,
    JobUnroutable,
)
from shared.contracts.market_events import KeyRevoked, OfferChanged, OfferStandingChanged
from shared.market.book import OrderBook
from shared.market.catalogue import Catalogue
from shared.runtime.subscriptions import Hears, Subscriptions


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the handlers of news need."""

    settling: Settling
    attempts: Attempts
    catalogue: Catalogue
    watches: Watches
    remembered: RememberedKeys
    book: OrderBook
    offers: Offers
    standings: Standings


def subscriptions(world: Hearing) -> Subscriptions:
    """The tables of api: facts that move jobs on its queue, and broadcasts that keep a process up to date."""
    settling, jobs = world.settling, world.settling.jobs

    tell = partial(tell_watchers, watches=world.watches)

    def noting(note: Callable[..., Awaitable[Sequence[Event]]]) -> Hears:
        """Whoever waits in this process reads the job when the note is written, not before."""

        async def note_and_tell(news: JobEvent) -> Sequence[Event]:
            said = await note(news, jobs=jobs)
            return [*said, *await tell(news)]

        return note_and_tell

    return Subscriptions(
        hears={
            JobRouted: noting(note_routed),
            JobRunning: noting(note_running),
            JobUnroutable: partial(end_unroutable, world=settling, attempts=world.attempts),
            ArtifactStored: partial(deliver_job, world=settling, attempts=world.attempts, catalogue=world.catalogue),
            ArtifactExpired: partial(expire_result, jobs=jobs),
        },
        listens={
            JobRunning: tell,
            JobSucceeded: tell,
            JobFailed: tell,
            JobCanceled: tell,
            JobExpired: tell,
            OfferChanged: partial(hear_offer, book=world.book, offers=world.offers),
            OfferStandingChanged: partial(hear_standing, book=world.book),
            KeyRevoked: partial(forget_key, keys=world.remembered),
        },
        on_bound=partial(refresh_book, book=world.book, offers=world.offers, standings=world.standings),
    )
