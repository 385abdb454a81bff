"""A buyer's own provider: the buyer's key at a provider, asked before or after the market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.market.models import Model


class OwnRole(StrEnum):
    """When it is its turn."""

    PRIORITY = "priority"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Own:
    """What makes an offer a buyer's own provider: nobody else is routed there, and no market shows it."""

    role: OwnRole
    models: tuple[str, ...] = ()
    """Ids of the models it is for; every one of its provider's when there are none."""

    def serves(self, model: Model) -> bool:
        """Whether it is for that model of its provider's."""
        return not self.models or model.id in self.models


def own_data(own: Own | None) -> dict[str, Any] | None:
    """The stored form."""
    return None if own is None else {"role": own.role.value, "models": list(own.models)}


def parse_own(data: Mapping[str, Any] | None) -> Own | None:
    """Read what :func:`own_data` wrote."""
    return None if data is None else Own(OwnRole(data["role"]), tuple(data["models"]))
