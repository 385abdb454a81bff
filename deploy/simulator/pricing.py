"""What a rendering costs, in US dollars."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from deploy.simulator.catalogue import Model
from deploy.simulator.refusals import unsuitable


def price_of(model: Model, *, seconds: int | None, characters: int | None) -> Decimal:
    """The list price, to a millionth of a dollar.

    Raises a refusal when the model is priced by characters and ``characters`` is missing.
    """
    pricing: Mapping[str, Any] = model.spec["pricing"]
    if "generation" in pricing:
        price = _usd(pricing["generation"])
    elif "per_second" in pricing:
        price = _usd(pricing["per_second"]) * Decimal(seconds or 0)
    elif "durations" in pricing:
        price = _tier(pricing["durations"], seconds or 0)
    elif characters is None:
        raise unsuitable("character_count", f"{model.id} is priced by characters: character_count is required")
    else:
        price = _usd(pricing["per_thousand_characters"]) * characters / 1000
    return price.quantize(Decimal("0.000001"))


def _tier(tiers: Mapping[str, Mapping[str, Any]], seconds: int) -> Decimal:
    rows = sorted(tiers.values(), key=lambda row: int(row["max_seconds"]))
    return _usd(next((row for row in rows if seconds <= int(row["max_seconds"])), rows[-1]))


def _usd(row: Mapping[str, Any]) -> Decimal:
    return Decimal(str(row["usd"]))
