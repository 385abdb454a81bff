"""Venice's own list of models, in the words of the market's catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from shared.egress.session import Timeouts
from shared.market.models import LONGEST_LYRICS, LONGEST_PROMPT
from shared.providers.provider import Access
from shared.providers.venice.complaints import one_line, read_complaint
from shared.providers.venice.replies import Heard, Lost, NeverSent, Reply, Unsendable
from shared.providers.venice.statuses import words_for
from shared.providers.venice.verdicts import BAD_KEY, HELD_BACK, is_success
from shared.providers.venice.wire import Errand, Wire

MOST_MODELS: Final = 1000
DEAREST: Final = 1000
"""Dollars for one unit of anything; a larger price is a mistake."""

_PATHS: Final = {"music": "/models?type=music"}
_TIMEOUTS: Final = Timeouts(connect=timedelta(seconds=5), read=timedelta(seconds=15), total=timedelta(seconds=30))
_MICROS: Final = 1_000_000
_SAME: Final = (
    "name",
    "min_duration",
    "max_duration",
    "default_duration",
    "min_prompt_length",
    "supports_lyrics",
    "lyrics_required",
    "supports_force_instrumental",
    "supports_language_code",
    "voices",
)
_CAPPED: Final = {
    "prompt_character_limit": ("prompt_limit", LONGEST_PROMPT),
    "lyrics_character_limit": ("lyrics_limit", LONGEST_LYRICS),
}


class NotListed(Exception):
    """There is no list; the message is one line, fit to be shown."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is said of one model, field by field as the catalogue's file writes it; unsaid is not there.

    Values are as they came, except for prices, which are exact, and for limits, which are
    no larger than the market's own: whoever uses them checks their types.
    """

    provider_model: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unclear:
    """A model whose price, or whose entry as such, cannot be read, and why."""

    provider_model: str
    reason: str


async def list_models(wire: Wire, access: Access, kind: str) -> list[Published | Unclear]:
    """Everything that Venice lists of that kind, in its order.  Raises :class:`NotListed`."""
    data = _listed(await wire.ask(access, Errand(_PATHS[kind], None, _TIMEOUTS)), access)
    items = data.get("data") if isinstance(data, Mapping) else None
    if not isinstance(items, list) or not 0 < len(items) <= MOST_MODELS:
        raise NotListed(f"the provider's list holds no models, or more than {MOST_MODELS}")
    models = [_model(item, place) for place, item in enumerate(items, start=1)]
    if len({model.provider_model for model in models}) != len(models):
        raise NotListed("the provider's list names a model twice")
    return models


def _listed(reply: Reply, access: Access) -> Any:
    match reply:
        case Heard() if is_success(reply):
            return reply.data
        case Heard(status):
            raise NotListed(read_complaint(reply.data, access.api_key).message or words_for(status))
        case NeverSent(reason) | Lost(reason):
            raise NotListed(one_line(reason, 300, access.api_key))
        case Unsendable():
            raise NotListed(BAD_KEY)
        case _:
            raise NotListed(HELD_BACK)


def _model(item: object, place: int) -> Published | Unclear:
    name = item.get("id") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(name, str):
        return Unclear(f"entry {place}", "it is no object with an id")
    spec = item.get("model_spec")
    if not isinstance(spec, Mapping):
        return Unclear(name, "it has no model_spec")
    try:
        pricing = published_price(spec.get("pricing"))
    except ValueError as error:
        return Unclear(name, str(error))
    said = {field: spec[field] for field in _SAME if spec.get(field) is not None}
    for theirs, (ours, most) in _CAPPED.items():
        if (value := spec.get(theirs)) is not None:
            said[ours] = min(value, most) if type(value) is int else value
    if item.get("created") is not None:
        said["created"] = item["created"]
    return Published(name, said | {"pricing": pricing})


def published_price(pricing: object) -> dict[str, Any]:
    """The price in the catalogue's wire form, to the nearest micro.  Raises :class:`ValueError`."""
    if not isinstance(pricing, Mapping) or len(pricing) != 1:
        raise ValueError("its price is in no shape that is known")
    ((shape, value),) = pricing.items()
    read = _SHAPES.get(shape)
    if read is None or not isinstance(value, Mapping):
        raise ValueError(f"its price is in a shape that is not known: {shape!r:.40}")
    return {shape: read(value)}


def _micros(value: Mapping[str, Any]) -> str:
    dollars = value.get("usd")
    if isinstance(dollars, bool) or not isinstance(dollars, int | Decimal) or not 0 < dollars <= DEAREST:
        raise ValueError("its price is no number of dollars, or an absurd one")
    micros = (Decimal(dollars) * _MICROS).quantize(Decimal(1), ROUND_HALF_UP)
    if not micros:
        raise ValueError("its price is less than a micro-dollar")
    return str(int(micros))


def _tiers(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    tiers = [_tier(tier) for tier in value.values()]
    return sorted(tiers, key=lambda tier: int(tier["max_seconds"]))


def _tier(value: object) -> dict[str, Any]:
    seconds = value.get("max_seconds") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or type(seconds) is not int:
        raise ValueError("its price by duration has a tier without max_seconds")
    return {"max_seconds": seconds, "usdc": _micros(value)}


_SHAPES: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    "generation": _micros,
    "per_second": _micros,
    "per_thousand_characters": _micros,
    "durations": _tiers,
}
