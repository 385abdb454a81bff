"""What a provider's list would change in the catalogue, decided without changing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.market.model_data import LIMITS, ModelError, model_data, parse_model
from shared.market.models import Model
from shared.providers.venice.listing import Published, Unclear

TIMED: Final = frozenset({"durations", "per_second"})
_DURATIONS: Final = ("min_duration", "max_duration", "default_duration")


@dataclass(frozen=True, slots=True)
class Changed:
    """A model of the catalogue, and how it is published now."""

    before: Model
    after: Model


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything there is to tell; ``models`` is the catalogue with what can be taken over."""

    added: Sequence[Model]
    changed: Sequence[Changed]
    gone: Sequence[Model]
    """In the catalogue and no longer listed; they stay until somebody removes them."""
    skipped: Sequence[Unclear]
    models: Sequence[Model]


def compare(known: Iterable[Model], listed: Iterable[Published | Unclear], *, provider: str, kind: str) -> Difference:
    """Set the models of that provider and kind against its list."""
    catalogue = list(known)
    ours = {model.provider_model: model for model in catalogue if (model.provider, model.kind) == (provider, kind)}
    names = {name for model in catalogue for name in (model.id, *model.aliases)}
    added: list[Model] = []
    skipped: list[Unclear] = []
    after = dict[str, Model]()
    seen = set[str]()
    for entry in listed:
        seen.add(entry.provider_model)
        before = ours.get(entry.provider_model)
        model = _taken_over(entry, before, provider, kind)
        if isinstance(model, Unclear):
            skipped.append(model)
        elif before is not None:
            after[before.id] = model
        elif model.id in names:
            skipped.append(Unclear(entry.provider_model, f"the name {model.id} is taken by another model"))
        else:
            added.append(model)
    return Difference(
        added=added,
        changed=[Changed(old, after[old.id]) for old in catalogue if after.get(old.id, old) != old],
        gone=[model for name, model in ours.items() if name not in seen],
        skipped=skipped,
        models=[after.get(model.id, model) for model in catalogue] + added,
    )


def _taken_over(entry: Published | Unclear, before: Model | None, provider: str, kind: str) -> Model | Unclear:
    if isinstance(entry, Unclear):
        return entry
    data = _new(entry, provider, kind) if before is None else model_data(before)
    assumed = data.get("assumed", []) if before is not None else _left_open(entry)
    data |= entry.data
    # What is published is assumed no more.
    data["assumed"] = [name for name in assumed if name not in entry.data]
    if before is not None:
        # Clients may have kept it: a model does not become younger.
        data["created"] = before.created
    try:
        return parse_model(data)
    except ModelError as error:
        return Unclear(entry.provider_model, f"it cannot be taken over: {error}")


def _new(entry: Published, provider: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"{provider}-{entry.provider_model}",
        "kind": kind,
        "name": entry.provider_model,
        "provider": provider,
        "provider_model": entry.provider_model,
        "created": 0,
    }


def _left_open(entry: Published) -> list[str]:
    """Limits that a new model takes without being told them."""
    said: Mapping[str, Any] = entry.data
    open_ones = ["prompt_limit", "supports_lyrics", "supports_force_instrumental", "supports_language_code"]
    if said.get("supports_lyrics"):
        open_ones.append("lyrics_limit")
    if TIMED & set(said["pricing"]):
        open_ones += _DURATIONS
    return [name for name in open_ones if name in LIMITS]
