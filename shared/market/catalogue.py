"""The catalogue of models: data, read once and refused as a whole when any part of it is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from importlib import resources
from typing import Any, Final

from shared.market.kinds import KINDS
from shared.market.models import Model
from shared.market.prices import PriceError, parse_schedule

_FIELDS: Final = {field.name: field for field in fields(Model)}
_TUPLES: Final = frozenset({"aliases", "voices", "assumed"})


class CatalogueError(ValueError):
    """The catalogue's data cannot be used; the message names the model and the field."""


class Catalogue:
    """Every model the market knows, by id and by alias."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._models = {model.id: model for model in models}
        self._names = dict(self._models)
        for model in self._models.values():
            for alias in model.aliases:
                if alias in self._names:
                    raise CatalogueError(f"{model.id}: the alias {alias} is taken")
                self._names[alias] = model

    def __iter__(self) -> Iterator[Model]:
        return iter(self._models.values())

    def find(self, name: str) -> Model | None:
        """The model of that id or alias."""
        return self._names.get(name)

    def __getitem__(self, model_id: str) -> Model:
        return self._models[model_id]


def parse_catalogue(data: object) -> Catalogue:
    """Read a list of models; :class:`CatalogueError` names the first thing that is wrong."""
    if not isinstance(data, list):
        raise CatalogueError("the catalogue is a list of models")
    models = [_parse_model(item) for item in data]
    if len({model.id for model in models}) != len(models):
        raise CatalogueError("the catalogue names a model twice")
    return Catalogue(models)


def _parse_model(item: object) -> Model:
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
        raise CatalogueError("a model is an object with an id")
    name = item["id"]
    if unknown := set(item) - set(_FIELDS):
        raise CatalogueError(f"{name}: {sorted(unknown)[0]} is no field of a model")
    values: dict[str, Any] = {key: tuple(value) if key in _TUPLES else value for key, value in item.items()}
    try:
        values["pricing"] = None if item.get("pricing") is None else parse_schedule(item["pricing"])
        model = Model(**values)
    except (PriceError, TypeError) as error:
        raise CatalogueError(f"{name}: {error}") from None
    _check(model)
    return model


def _check(model: Model) -> None:
    bounds = (model.min_duration, model.max_duration)
    if (bounds[0] is None) != (bounds[1] is None):
        raise CatalogueError(f"{model.id}: min_duration and max_duration go together")
    if model.default_duration is not None and not (bounds[0] or 0) <= model.default_duration <= (bounds[1] or 0):
        raise CatalogueError(f"{model.id}: default_duration lies outside the model's range")
    if model.kind not in KINDS:
        raise CatalogueError(f"{model.id}: {model.kind} is no kind")
    if not 1 <= model.min_prompt_length <= model.prompt_limit:
        raise CatalogueError(f"{model.id}: min_prompt_length and prompt_limit do not fit")


def shipped_catalogue() -> Catalogue:
    """The models that come with the market: Venice's current music list at its list prices."""
    text = resources.files("shared.market").joinpath("music.json").read_text(encoding="utf-8")
    return parse_catalogue(json.loads(text))
