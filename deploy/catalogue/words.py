"""A difference, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from deploy.catalogue.difference import TIMED, Changed, Difference
from shared.market.models import Model
from shared.market.prices import PerDuration, PriceSchedule, schedule_data

_UNITS = {"generation": "each", "per_second": "a second", "per_thousand_characters": "a thousand characters"}


def lines_of(difference: Difference, removed: frozenset[str]) -> Iterator[str]:
    """One line for each model and each field that would change, and nothing when all is the same."""
    for model in difference.added:
        yield f"new      {model.id}: {price(model.pricing)}"
        yield from (f"           {line}" for line in _limits(model))
    for changed in difference.changed:
        yield f"changed  {changed.after.id}"
        yield from (f"           {line}" for line in _changes(changed))
    for model in difference.gone:
        end = "removed" if model.id in removed else f"stays; --remove {model.id} takes it out"
        yield f"gone     {model.id} is no longer listed; it {end}"
    for unclear in difference.skipped:
        yield f"skipped  {unclear.provider_model[:128]!r}: {unclear.reason}"


def price(schedule: PriceSchedule | None) -> str:
    """A price in micro-USDC."""
    if schedule is None:
        return "no price"
    if isinstance(schedule, PerDuration):
        return ", ".join(f"{tier.usdc} up to {tier.max_seconds} s" for tier in schedule.tiers)
    ((shape, amount),) = schedule_data(schedule).items()
    return f"{amount} {_UNITS[shape]}"


def _changes(changed: Changed) -> Iterator[str]:
    for field in fields(Model):
        old, new = (getattr(model, field.name) for model in (changed.before, changed.after))
        if old == new:
            continue
        if field.name == "pricing":
            yield f"pricing: {price(old)} → {price(new)}"
        elif field.name == "assumed":
            yield f"no longer assumed: {', '.join(name for name in old if name not in new)}"
        else:
            yield f"{field.name}: {_said(old)} → {_said(new)}"


def _limits(model: Model) -> Iterator[str]:
    if model.max_duration is not None:
        usual = "" if model.default_duration is None else f", {model.default_duration} unless asked for"
        yield f"{model.min_duration} to {model.max_duration} s{usual}"
    elif model.pricing is not None and TIMED & set(schedule_data(model.pricing)):
        yield "no durations are published: until they are entered by hand, no job can be priced"
    if model.assumed:
        yield f"assumed: {', '.join(model.assumed)}"


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
