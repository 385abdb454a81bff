"""What a router does by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from services.router.entrypoints.usher import Usher
from services.router.handlers.keep_book import load_book
from services.router.handlers.routing import Routing
from services.router.handlers.sweep import sweep_jobs, sweep_reservations, sweep_watches
from services.router.ports import Announcer, Leftovers
from shared.runtime.tickers import Ticker

USHER_BACK_AFTER: Final = timedelta(seconds=1)


def tickers(routing: Routing, leftovers: Leftovers, announcer: Announcer) -> Sequence[Ticker]:
    """The table of what comes round."""

    async def refresh() -> None:
        await announcer.say(*await load_book(routing=routing))

    return (
        Ticker("usher", USHER_BACK_AFTER, Usher(routing, announcer).run, lasting=True),
        Ticker("refresh_book", timedelta(seconds=15), refresh),
        Ticker(
            "sweep_jobs",
            timedelta(seconds=30),
            partial(sweep_jobs, routing=routing, leftovers=leftovers),
        ),
        Ticker(
            "sweep_watches",
            timedelta(seconds=30),
            partial(sweep_watches, leftovers=leftovers, announcer=announcer),
        ),
        Ticker(
            "sweep_reservations",
            timedelta(seconds=60),
            partial(sweep_reservations, routing=routing, announcer=announcer),
        ),
    )
