"""Who may be sent to now: at most a few attempts at once for each receiver, none past an open breaker."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.webhooks.domain.breaker import Breaker

AT_ONCE: Final = 4
"""Attempts under way to one host, in one process."""


class Receivers:
    """The hosts this process is sending to, or has lately."""

    def __init__(self) -> None:
        self._under_way: dict[str, int] = {}
        self._breakers: dict[str, Breaker] = {}

    def closed(self, at: datetime) -> list[str]:
        """Hosts that take no further attempt at this moment."""
        hosts = {host for host, count in self._under_way.items() if count >= AT_ONCE}
        hosts |= {host for host, breaker in self._breakers.items() if not breaker.allows(at)}
        return sorted(hosts)

    def began(self, host: str) -> None:
        """An attempt is on its way."""
        self._under_way[host] = self._under_way.get(host, 0) + 1
        self._breakers.setdefault(host, Breaker()).sent()

    def ended(self, host: str, succeeded: bool, at: datetime) -> None:
        """It has come to its end."""
        self._under_way[host] -= 1
        if not self._under_way[host]:
            del self._under_way[host]
        breaker = self._breakers[host]
        breaker.note(succeeded, at)
        if succeeded and host not in self._under_way and breaker.opened_at is None:
            del self._breakers[host]
