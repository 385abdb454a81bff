"""How much still waits to be said to the other services, and from when on no more is taken up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST: Final = 10_000
"""Documents with unsaid facts.  The sweep of one process brings this many within a minute or two."""


@dataclass(slots=True)
class Backlog:
    """What a process knows of it; counted anew every two seconds."""

    unsaid: int = 0

    @property
    def full(self) -> bool:
        """Whether a new job would only wait behind too many others."""
        return self.unsaid >= MOST
