"""Note that an artifact's retention is over."""

from collections.abc import Sequence

import structlog

from services.api.ports import Jobs
from shared.contracts.artifact_events import ArtifactExpired
from shared.contracts.event import Event

log = structlog.get_logger(__name__)


async def expire_result(expired: ArtifactExpired, *, jobs: Jobs) -> Sequence[Event]:
    """The job's result says that it is gone; a job without that result stays as it is."""
    changed = await jobs.expire_result(expired.job_id, expired.index)
    log.info("artifact expired", move="made" if changed else "repeated")
    return ()
