"""One process's share in its keys' rate limits: who may send now, who waits, who is told to come back."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, NewType

from shared.kernel.clock import Clock
from shared.providers.budget import Budget, Go, Wait, hear, rest, send, settle, take
from shared.providers.provider import Access
from shared.providers.rate_headers import Allowance
from shared.providers.refusals import Prospect

KEYS: Final = 10_000
"""How many keys are remembered; the one unused for longest is forgotten first."""

Fingerprint = NewType("Fingerprint", bytes)


def fingerprint(access: Access) -> Fingerprint:
    """What a budget is kept under: it tells keys apart and does not tell a key."""
    place = access.base_url.encode("utf-8", "surrogatepass")
    key = access.api_key.reveal().encode("utf-8", "surrogatepass")
    return Fingerprint(hashlib.sha256(place + b"\0" + key).digest())


class Limiter:
    """The budgets of every key that this process uses."""

    def __init__(self, clock: Clock, *, keys: int = KEYS) -> None:
        self._clock = clock
        self._keys = keys
        self._budgets: OrderedDict[Fingerprint, Budget] = OrderedDict()

    async def turn(
        self, key: Fingerprint, patience: timedelta, prospect: Prospect = Prospect.ORDERED
    ) -> timedelta | None:
        """Return None when one request may be sent now, having waited no longer than ``patience``.

        Otherwise return how long there is no room, at once or, when an answer closed the
        key meanwhile, after waiting.
        """
        budget, turn = take(self._budget(key), self._clock.monotonic(), patience.total_seconds(), prospect)
        self._keep(key, budget)
        match turn:
            case Wait(seconds):
                return timedelta(seconds=seconds)
            case Go(after) if after > 0:
                await self._clock.sleep(after)
                resting = rest(self._budget(key), self._clock.monotonic(), prospect)
                return timedelta(seconds=resting) if resting > 0 else None
            case Go():
                return None

    @contextmanager
    def sending(
        self, key: Fingerprint, prospect: Prospect = Prospect.ORDERED
    ) -> Iterator[Callable[[int, Allowance], None]]:
        """Spans one request from its turn to the headers of its answer, which are told to what is given."""
        self._keep(key, send(self._budget(key)))
        sent_at = self._clock.monotonic()

        def heard(status: int, allowance: Allowance) -> None:
            now = self._clock.monotonic()
            self._keep(key, hear(self._budget(key), status, allowance, sent_at, now, prospect=prospect))

        try:
            yield heard
        finally:
            self._keep(key, settle(self._budget(key)))

    def _budget(self, key: Fingerprint) -> Budget:
        return self._budgets.get(key, Budget())

    def _keep(self, key: Fingerprint, budget: Budget) -> None:
        self._budgets[key] = budget
        self._budgets.move_to_end(key)
        if len(self._budgets) > self._keys:
            self._budgets.popitem(last=False)
