"""By what right somebody reads or cancels a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from shared.kernel.secret import Secret


@dataclass(frozen=True, slots=True)
class ByKey:
    """A buyer's key: any job of that buyer's."""

    buyer_id: str


@dataclass(frozen=True, slots=True)
class ByToken:
    """A job token: the one job it was made for."""

    token: Secret


Reader: TypeAlias = ByKey | ByToken
