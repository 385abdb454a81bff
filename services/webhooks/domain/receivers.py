"""Who may be sent to now: at most a few attempts at once for each host, none past an open breaker."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Final

from services.webhooks.domain.answer import Health
from services.webhooks.domain.breaker import WINDOW_SECONDS, Breaker

PLACES: Final = 512
"""Attempts under way in one process."""
PLACES_OF_A_HOST: Final = 4
"""Of these, to one host.  Once half of all are taken, a host that comes gets only its first: thus it takes hundreds
of hosts that hang, rather than dozens, to keep the others waiting."""


class Receivers:
    """The hosts this process is sending to, or has lately.  Times are seconds on the process's stopwatch.

    Hosts of which nothing was heard for a window's length are forgotten.
    """

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()
        self._taken = 0
        self._breakers: OrderedDict[str, Breaker] = OrderedDict()
        self._open: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether every place is taken."""
        return self._taken >= PLACES

    @property
    def roomy(self) -> bool:
        """Whether more than half of the places are free."""
        return self._taken < PLACES // 2

    def busy(self, host: str) -> bool:
        """Whether an attempt at the host is under way."""
        return host in self._under_way

    def closed(self, at: float) -> list[str]:
        """The hosts that take no further attempt at this moment."""
        most = self._places_of_a_host()
        full = {host for host, count in self._under_way.items() if count >= most}
        return sorted(full | {host for host in self._open if not self._breakers[host].admits(at)})

    def admit(self, host: str, at: float) -> bool:
        """Take a place for an attempt at the host, if there is one; it is given back with :meth:`leave`."""
        breaker = self._breakers.get(host)
        if self.full or self._under_way[host] >= self._places_of_a_host():
            return False
        if breaker is not None:
            if not breaker.admits(at):
                return False
            breaker.began()
        self._under_way[host] += 1
        self._taken += 1
        return True

    def leave(self, host: str, health: Health, at: float) -> None:
        """Give a place back, with what the attempt told of the host."""
        self._under_way[host] -= 1
        self._taken -= 1
        if not self._under_way[host]:
            del self._under_way[host]
        if health is Health.UNKNOWN:
            if host in self._breakers:
                self._breakers[host].learnt_nothing()
            return
        self._note(host, at, well=health is Health.WELL)
        self._forget(at)

    def _places_of_a_host(self) -> int:
        return PLACES_OF_A_HOST if self.roomy else 1

    def _note(self, host: str, at: float, *, well: bool) -> None:
        breaker = self._breakers.setdefault(host, Breaker())
        self._breakers.move_to_end(host)
        breaker.note(at, well=well)
        if breaker.opened_at is None:
            self._open.discard(host)
        else:
            self._open.add(host)

    def _forget(self, at: float) -> None:
        """The breakers stand in the order of their latest outcomes, so the idle ones are in front."""
        while self._breakers:
            host, breaker = next(iter(self._breakers.items()))
            if at - breaker.idle_since() <= WINDOW_SECONDS:
                return
            del self._breakers[host]
            self._open.discard(host)
