"""What an artifacts process hears."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from services.artifacts.domain.patience import LONGEST_FETCH
from services.artifacts.entrypoints.telling import tell
from services.artifacts.handlers.end_outputs import hear_ending
from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.store_artifact import store_artifact
from shared.contracts.event import Event
from shared.contracts.job_events import JobCanceled, JobExpired, JobFailed, JobGenerated, JobSucceeded
from shared.runtime.subscriptions import Subscriptions

PREFETCH: Final = 2000
"""Far more than there are streams: news wait for a stream in here, costing a few kilobytes each, so that those of
a slow seller, of whose jobs a thousand may be under way, keep nobody else's and no ending waiting."""
DEADLINE: Final = 2 * LONGEST_FETCH + timedelta(minutes=1)
"""A fetch, after the wait for a free stream; well below the broker's patience of half an hour."""


def subscriptions(world: Keeping) -> Subscriptions:
    """The table of artifacts."""

    async def store(generated: JobGenerated) -> Sequence[Event]:
        return tell(await store_artifact(generated, world=world))

    end = partial(hear_ending, outputs=world.outputs, objects=world.objects)
    return Subscriptions(
        hears={
            JobGenerated: store,
            JobSucceeded: end,
            JobFailed: end,
            JobCanceled: end,
            JobExpired: end,
        },
        prefetch=PREFETCH,
        deadline=DEADLINE,
    )
