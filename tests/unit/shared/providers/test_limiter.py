"""Turns under a key's limit, with time standing still."""

from datetime import timedelta

import pytest

from shared.kernel.secret import Secret
from shared.providers.limiter import Fingerprint, Limiter, fingerprint
from shared.providers.provider import Access
from shared.providers.rate_headers import Allowance
from tests.kit.clocks import StoppedClock

KEY = fingerprint(Access("https://a.example", Secret("sk-1")))
AT_ONCE = timedelta(0)
NOTHING = Allowance()
SIXTY = Allowance(per_minute=60)


def hear(limiter: Limiter, status: int, allowance: Allowance = NOTHING, key: Fingerprint = KEY) -> None:
    with limiter.sending(key) as heard:
        heard(status, allowance)


def test_a_fingerprint_tells_keys_and_places_apart_and_shows_neither() -> None:
    others = [Access("https://a.example", Secret("sk-2")), Access("https://b.example", Secret("sk-1"))]
    assert len({KEY, *map(fingerprint, others)}) == 3
    assert b"sk-1" not in KEY


async def test_the_patient_wait_for_their_turn() -> None:
    clock = StoppedClock()
    limiter = Limiter(clock)
    hear(limiter, 200, SIXTY)
    for _ in range(15):
        assert await limiter.turn(KEY, AT_ONCE) is None
    assert await limiter.turn(KEY, AT_ONCE) == timedelta(seconds=1)
    assert await limiter.turn(KEY, timedelta(seconds=5)) is None
    assert clock.monotonic() == 1.0


async def test_who_waited_in_vain_is_told_how_long_the_key_rests() -> None:
    limiter = Limiter(clock := Interrupted())
    hear(limiter, 429, Allowance(retry_after=timedelta(seconds=2)))
    clock.meanwhile = lambda: hear(limiter, 429, Allowance(retry_after=timedelta(seconds=60)))
    assert await limiter.turn(KEY, timedelta(seconds=120)) == timedelta(seconds=60)


class Interrupted(StoppedClock):
    """Something happens at the end of every sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile = lambda: None

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        self.meanwhile()


async def test_a_request_that_failed_is_outstanding_no_more() -> None:
    limiter = Limiter(StoppedClock())
    hear(limiter, 401)
    for _ in range(10):
        with pytest.raises(OSError, match="gone"), limiter.sending(KEY):
            raise OSError("gone")
    assert await limiter.turn(KEY, AT_ONCE) is None


async def test_no_more_keys_are_remembered_than_there_is_room_for() -> None:
    limiter = Limiter(StoppedClock(), keys=2)
    closed = Allowance(retry_after=timedelta(seconds=60))
    keys = [fingerprint(Access("https://a.example", Secret(str(number)))) for number in range(3)]
    for key in keys:
        hear(limiter, 429, closed, key)
    assert await limiter.turn(keys[0], AT_ONCE) is None
    assert await limiter.turn(keys[2], AT_ONCE) == timedelta(seconds=60)
