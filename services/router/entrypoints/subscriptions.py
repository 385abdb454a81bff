"""What a router hears."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from services.router.handlers.decide_again import decide_again
from services.router.handlers.end_attempts import hear_ending
from services.router.handlers.keep_book import hear_of_offer, hear_of_standing, load_book
from services.router.handlers.note_running import note_running
from services.router.handlers.route_job import route_job
from services.router.handlers.routing import Routing
from services.router.ports import Announcer
from shared.contracts.artifact_events import ArtifactRejected
from shared.contracts.job_events import (
    AttemptFailed,
    JobCanceled,
    JobCreated,
    JobExpired,
    JobFailed,
    JobRunning,
    JobSucceeded,
)
from shared.contracts.market_events import OfferChanged, OfferStandingChanged
from shared.runtime.subscriptions import Subscriptions

AT_ONCE: Final = 300
"""Messages that one process works on at once; most of them wait for a provider to answer a submit.

Well above what one silent offer can hold of them, so that failures, endings and other jobs are still heard.
"""
DEADLINE: Final = timedelta(minutes=4)
"""Longer than the last attempt that a message may begin can take, so that no submit is ever cut short."""


def subscriptions(routing: Routing, announcer: Announcer) -> Subscriptions:
    """The table of a router."""
    again, ended = partial(decide_again, routing=routing), partial(hear_ending, routing=routing)

    async def bound() -> None:
        await announcer.say(*await load_book(routing=routing))

    return Subscriptions(
        hears={
            JobCreated: partial(route_job, routing=routing),
            JobRunning: partial(note_running, attempts=routing.attempts),
            AttemptFailed: again,
            ArtifactRejected: again,
            JobSucceeded: ended,
            JobFailed: ended,
            JobCanceled: ended,
            JobExpired: ended,
        },
        listens={
            OfferChanged: partial(hear_of_offer, routing=routing),
            OfferStandingChanged: partial(hear_of_standing, routing=routing),
        },
        on_bound=bound,
        prefetch=AT_ONCE,
        deadline=DEADLINE,
    )
