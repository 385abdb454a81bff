"""URLs that strangers give us to call."""

from __future__ import annotations

from typing import Protocol


class Urls(Protocol):
    """Checked when they come in, which takes a look-up of their host, and spelt in one way from then on."""

    async def webhook(self, text: str) -> str:
        """Where endings may be told.  Raises the ``Refusal`` that its buyer is answered."""
        ...

    async def base(self, text: str) -> str:
        """What precedes a provider's paths.  Raises the ``Refusal`` that its owner is answered."""
        ...
