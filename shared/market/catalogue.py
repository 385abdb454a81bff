"""The catalogue of models: data, read once and refused as a whole when any part of it is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any, Final

from shared.market.model_data import ModelError, model_data, parse_model
from shared.market.models import Model

_SHIPPED: Final = "music.json"


class CatalogueError(ValueError):
    """The catalogue's data cannot be used; the message names the model and the field."""


class Catalogue:
    """Every model the market knows, by id and by alias."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._models: dict[str, Model] = {}
        for model in models:
            if model.id in self._models:
                raise CatalogueError(f"{model.id}: id is there twice")
            self._models[model.id] = model
        self._names = dict(self._models)
        for model in self._models.values():
            for alias in model.aliases:
                if alias in self._names:
                    raise CatalogueError(f"{model.id}: aliases: {alias} is taken")
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
    if not isinstance(data, list) or not data:
        raise CatalogueError("the catalogue is a list of at least one model")
    return Catalogue(_parse(item, place) for place, item in enumerate(data, start=1))


def read_catalogue(text: str) -> Catalogue:
    """Read the catalogue's file.  Raises :class:`CatalogueError`."""
    try:
        data = json.loads(text, object_pairs_hook=_without_repetition)
    except RecursionError:
        raise CatalogueError("the catalogue is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise CatalogueError(f"the catalogue is not JSON: {error}") from None
    return parse_catalogue(data)


def catalogue_text(models: Iterable[Model]) -> str:
    """The file of these models, one field a line, as :func:`read_catalogue` reads it."""
    return "[\n" + ",\n".join(_entry(model) for model in models) + "\n]\n"


def shipped_text() -> str:
    """The file that comes with the market: Venice's current music list at its list prices."""
    return resources.files("shared.market").joinpath(_SHIPPED).read_text(encoding="utf-8")


def shipped_catalogue() -> Catalogue:
    """The models that come with the market."""
    return read_catalogue(shipped_text())


def _parse(item: object, place: int) -> Model:
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
        raise CatalogueError(f"model {place} is no object with an id")
    try:
        return parse_model(item)
    except ModelError as error:
        raise CatalogueError(f"{item['id'][:128]}: {error}") from None


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise CatalogueError(f"{dict(pairs).get('id', 'the catalogue')}: {name} is there twice")
        found[name] = value
    return found


def _entry(model: Model) -> str:
    lines = (f'    "{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in model_data(model).items())
    return "  {\n" + ",\n".join(lines) + "\n  }"
