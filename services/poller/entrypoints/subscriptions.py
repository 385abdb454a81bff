"""What a poller hears."""

from functools import partial
from typing import Final

from services.poller.handlers.drop_ended import drop_ended
from services.poller.handlers.drop_watch import drop_watch
from services.poller.handlers.watch_job import Watching, watch_job
from shared.contracts.job_events import JobCanceled, JobExpired, JobFailed, JobRouted, JobSucceeded
from shared.runtime.subscriptions import Subscriptions

LEASES: Final = 10_000
"""Jobs that one process watches at once."""
MOVES: Final = 1000
"""How often a lease may change hands without an answer before a person should look."""


def subscriptions(world: Watching) -> Subscriptions:
    """The table of a poller: a routed job is held unanswered while it is watched."""
    drop = partial(drop_watch, watches=world.watches)
    return Subscriptions(
        hears={JobRouted: partial(watch_job, world=world)},
        listens={JobSucceeded: drop, JobFailed: drop, JobCanceled: drop, JobExpired: drop},
        on_bound=partial(drop_ended, watches=world.watches, records=world.records),
        prefetch=LEASES,
        delivery_limit=MOVES,
        deadline=None,
    )
