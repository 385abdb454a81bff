"""Sweep: end uploads whose process died over them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from services.artifacts.domain.output import FOLDER
from services.artifacts.ports import Objects

DEAD_AFTER: Final = timedelta(hours=1)
"""No fetch lasts nearly as long."""

log = structlog.get_logger("artifact")


async def abort_uploads(*, objects: Objects) -> None:
    """Free the parts of every upload that nobody will complete."""
    count = await objects.abort_uploads(FOLDER, older_than=DEAD_AFTER)
    if count:
        log.info("uploads aborted", count=count)
