"""``deploy/compose.yaml`` as Compose reads it: merged, and with every variable filled in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[4] / "deploy" / "compose.yaml"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class NotSet(Exception):
    """A variable that has to be set is not."""


def compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """The file, with these variables and the defaults it names.  Raises ``NotSet``."""
    document: dict[str, Any] = _filled(yaml.safe_load(PATH.read_text(encoding="utf-8")), variables)
    return document


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, variables) for item in value]
    return VARIABLE.sub(lambda found: _value(found, variables), value) if isinstance(value, str) else value


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    name, kind, rest = found.groups()
    if variables.get(name):
        return variables[name]
    if kind != "-":
        raise NotSet(f"{name} {rest}")
    return str(rest)
