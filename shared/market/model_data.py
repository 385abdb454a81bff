"""A model as the catalogue's file writes it: read strictly, and written so that it reads back the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

from shared.market.kinds import KINDS
from shared.market.models import LONGEST_LYRICS, LONGEST_PROMPT, Model
from shared.market.prices import PriceError, parse_schedule, schedule_data

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_LONGEST_TEXT: Final = 200
_MOST_TEXTS: Final = 1000
_MOST: Final = 2**53


class ModelError(ValueError):
    """An entry that is no model; the message begins with the field that is wrong."""


def parse_model(item: Mapping[str, Any]) -> Model:
    """Read one entry, every field by its exact type.  Raises :class:`ModelError`."""
    if unknown := sorted(set(item) - set(_READERS)):
        raise ModelError(f"{unknown[0]} is no field of a model")
    if missing := [name for name in _REQUIRED if name not in item]:
        raise ModelError(f"{missing[0]} is missing")
    model = Model(**{name: _read(name, value) for name, value in item.items()})
    _check_durations(model)
    _check_words(model)
    return model


def model_data(model: Model) -> dict[str, Any]:
    """The entry of a model: what it must say, then whatever differs from what goes without saying."""
    said = {field.name: getattr(model, field.name) for field in fields(Model)}
    defaults = {field.name: field.default for field in fields(Model) if field.default is not MISSING}
    kept = {name: value for name, value in said.items() if name not in defaults or value != defaults[name]}
    kept["pricing"] = None if model.pricing is None else schedule_data(model.pricing)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}


def _read(name: str, value: object) -> Any:
    try:
        return _READERS[name](value)
    except ValueError as error:
        raise ModelError(f"{name} {error}") from None


def _name(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError("must be 1 to 128 letters, digits, dots, dashes or underscores")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > _LONGEST_TEXT:
        raise ValueError(f"must be a text of 1 to {_LONGEST_TEXT} printable characters")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _kind(value: object) -> str:
    if not isinstance(value, str) or value not in KINDS:
        raise ValueError(f"must be one of: {', '.join(KINDS)}")
    return value


def _pricing(value: object) -> Any:
    try:
        return None if value is None else parse_schedule(value)
    except PriceError as error:
        raise ValueError(f"cannot be read: {error}") from None


def _whole(least: int, most: int = _MOST) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def _seconds(value: object) -> int | None:
    return None if value is None else _whole(1, 1_000_000)(value)


def _each(read: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    def read_all(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > _MOST_TEXTS:
            raise ValueError(f"must be a list of at most {_MOST_TEXTS} texts")
        items = tuple(read(item) for item in value)
        if len(set(items)) != len(items):
            raise ValueError("names something twice")
        return items

    return read_all


def _limit(value: object) -> str:
    if not isinstance(value, str) or value not in LIMITS:
        raise ValueError(f"may name only limits: {', '.join(sorted(LIMITS))}")
    return value


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "id": _name,
    "kind": _kind,
    "name": _text,
    "provider": _name,
    "provider_model": _text,
    "created": _whole(0),
    "pricing": _pricing,
    "aliases": _each(_name),
    "min_duration": _seconds,
    "max_duration": _seconds,
    "default_duration": _seconds,
    "min_prompt_length": _whole(1, LONGEST_PROMPT),
    "prompt_limit": _whole(1, LONGEST_PROMPT),
    "supports_lyrics": _flag,
    "lyrics_required": _flag,
    "lyrics_limit": _whole(1, LONGEST_LYRICS),
    "speaks_lyrics": _flag,
    "supports_force_instrumental": _flag,
    "supports_language_code": _flag,
    "voices": _each(_text),
    "assumed": _each(_limit),
}
_REQUIRED: Final = tuple(field.name for field in fields(Model) if field.default is MISSING)
LIMITS: Final = frozenset(_READERS) - {*_REQUIRED, "aliases", "assumed"}
"""Fields that say what a job may ask for, and so may be ``assumed``."""


def _check_durations(model: Model) -> None:
    shortest, longest, usual = model.min_duration, model.max_duration, model.default_duration
    if (shortest is None) != (longest is None):
        raise ModelError("min_duration and max_duration go together")
    if shortest is not None and longest is not None and shortest > longest:
        raise ModelError("min_duration is longer than max_duration")
    if usual is not None and not (shortest or 0) <= usual <= (longest or 0):
        raise ModelError("default_duration lies outside the model's range")


def _check_words(model: Model) -> None:
    if model.min_prompt_length > model.prompt_limit:
        raise ModelError("min_prompt_length is larger than prompt_limit")
    for name in ("lyrics_required", "speaks_lyrics"):
        if getattr(model, name) and not model.supports_lyrics:
            raise ModelError(f"{name} needs supports_lyrics")
