"""Who waits for a place at a host: deliveries seen to be due while all its places were taken."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

from services.webhooks.domain.delivery import Due

KNOWN_OF_A_HOST: Final = 100
"""More are left to the next look at the timetable."""


class Waiting:
    """Hints, the longest due first, so that a host's next attempt needs no look at the timetable.

    A hint may be stale, for another process can have made the attempt: only a claim tells.
    """

    def __init__(self) -> None:
        self._lines: defaultdict[str, deque[Due]] = defaultdict(deque)

    def forget(self, *hosts: str) -> None:
        """Forget who waits for these hosts."""
        for host in hosts:
            self._lines.pop(host, None)

    def add(self, due: Due) -> None:
        """Put it at the end of its host's line, if that is not too long."""
        if len(self._lines[due.host]) < KNOWN_OF_A_HOST:
            self._lines[due.host].append(due)

    def forget_all(self) -> None:
        """Forget everybody."""
        self._lines.clear()

    def next_of(self, host: str) -> Due | None:
        """Take the first of a host's line; None when nobody is known to wait."""
        line = self._lines.get(host)
        if line is None:
            return None
        first = line.popleft()
        if not line:
            del self._lines[host]
        return first
