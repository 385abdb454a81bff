"""Sweep: remove what was kept for as long as was promised."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.artifacts.domain.facts import expired
from services.artifacts.domain.output import Output, output_prefix
from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.work_off import work_off

AT_ONCE: Final = 16
LEASE: Final = timedelta(seconds=60)

log = structlog.get_logger("artifact")


async def expire_outputs(*, world: Keeping) -> None:
    """Every output whose time is up: its object first, then the news, then the record.

    Whatever breaks off in between is done again once the lease is over.
    """
    await work_off(partial(world.outputs.past_retention, lease=LEASE), partial(_expire, world=world), at_once=AT_ONCE)


async def _expire(output: Output, *, world: Keeping) -> None:
    await world.objects.remove(output_prefix(output.job_id, output.index))
    await world.announcer.say(expired(output))
    await world.outputs.expire(output)
    log.info("expired", job_id=output.job_id, attempt=output.attempt)
