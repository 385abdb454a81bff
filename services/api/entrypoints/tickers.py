"""What api does by the clock: a sweep for every state that a crash can leave behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from services.api.domain.backlog import Backlog
from services.api.entrypoints.gauges import tell_audit, tell_work
from services.api.handlers.add_credit import Crediting, drive_credits
from services.api.handlers.create_offer import Selling
from services.api.handlers.drive_settlements import drive_settlements
from services.api.handlers.drop_spare_keys import drop_spare_keys
from services.api.handlers.expire_jobs import expire_jobs
from services.api.handlers.keep_book import refresh_book
from services.api.handlers.relay_letters import relay_letters
from services.api.handlers.release_stray_holds import release_stray_holds
from services.api.handlers.reseal import Resealing, reseal
from services.api.handlers.say_again import say_again
from services.api.handlers.settle_job import Settling
from services.api.handlers.verify_offers import verify_offers
from services.api.ports import Attempts, Books, Outbox, Standings
from shared.market.book import OrderBook
from shared.market.kinds import Kind
from shared.runtime.tickers import Ticker


@dataclass(frozen=True, slots=True)
class Sweeping:
    """What the sweeps need."""

    settling: Settling
    crediting: Crediting
    selling: Selling
    resealing: Resealing
    attempts: Attempts
    standings: Standings
    book: OrderBook
    kinds: Mapping[str, Kind]
    outboxes: tuple[Outbox, ...]
    books: Books
    backlog: Backlog


def tickers(world: Sweeping) -> tuple[Ticker, ...]:
    """Every sweep and how often it comes round."""
    settling, offers, attempts = world.settling, world.selling.offers, world.attempts
    jobs, post, clock = settling.jobs, settling.post, settling.clock
    return (
        _every(2, "relay letters", partial(relay_letters, outboxes=world.outboxes, post=post, clock=clock)),
        _every(2, "drive settlements", partial(drive_settlements, world=settling)),
        _every(2, "expire jobs", partial(expire_jobs, world=settling, kinds=world.kinds)),
        _every(2, "tell work", partial(tell_work, settling=settling, outboxes=world.outboxes, backlog=world.backlog)),
        _every(300, "tell audit", partial(tell_audit, settling=settling, books=world.books)),
        _every(5, "drive credits", partial(drive_credits, world=world.crediting)),
        _every(5, "say again", partial(say_again, jobs=jobs, attempts=attempts, post=post, clock=clock)),
        _every(20, "release stray holds", partial(release_stray_holds, world=settling)),
        _every(15, "refresh book", partial(refresh_book, book=world.book, offers=offers, standings=world.standings)),
        _every(30, "verify offers", partial(verify_offers, world=world.selling)),
        _every(300, "reseal", partial(reseal, world=world.resealing)),
        _every(600, "drop spare keys", partial(drop_spare_keys, offers=offers, attempts=attempts, clock=clock)),
    )


def _every(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> Ticker:
    return Ticker(name, timedelta(seconds=seconds), work)
