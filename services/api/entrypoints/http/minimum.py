"""The minimum discount that a buyer writes in front of a path: ``/min30/v1/music/generations``."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from services.api.entrypoints.http.refusals import InvalidMinimumDiscount
from shared.market.discount import Floor

FLOOR: Final = "minimum_discount"
"""Where a request keeps its floor, or None."""
SEGMENT: Final = "/{minimum:min[^/]*}"
"""What the router takes for a minimum; whether it is one is told here."""

_FRONT: Final = re.compile(r"/(min[^/]*)/v1(?:/|$)")
_PERCENT: Final = re.compile(r"min(0|[1-9][0-9]?|100)", re.ASCII)


def floor_of(path: str) -> Floor | None:
    """The floor that ``path`` begins with.

    Raises :class:`InvalidMinimumDiscount` for a first segment before ``/v1`` that begins like one
    and is none.
    """
    front = _FRONT.match(path)
    if front is None:
        return None
    percent = _PERCENT.fullmatch(front[1])
    if percent is None:
        raise InvalidMinimumDiscount
    return Floor(int(percent[1]))


@web.middleware
async def minimum_discount(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read the floor of every request, whether or not its path is one of ours."""
    request[FLOOR] = floor_of(request.path)
    return await handler(request)
