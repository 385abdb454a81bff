"""A buyer's own provider, as it is entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from services.api.domain.selling import DEFAULT_CONCURRENT
from shared.kernel.secret import Secret
from shared.market.own import OwnRole

MOST_PROVIDERS: Final = 25
"""That one buyer has at a time."""


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What a buyer enters.  ``base_url`` has been checked to be a public address; ``models`` may be aliases."""

    provider: str
    base_url: str
    api_key: Secret = field(repr=False)
    role: OwnRole
    models: tuple[str, ...] = ()
    """None of them: all that the provider renders."""
    max_concurrent: int = DEFAULT_CONCURRENT
    label: str | None = None
