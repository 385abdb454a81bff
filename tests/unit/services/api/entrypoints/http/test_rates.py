"""How often a key may ask."""

from datetime import timedelta

from services.api.domain.account import Limits, Role
from services.api.domain.api_key import Principal
from services.api.entrypoints.http.rates import KEYS, TOKEN_PER_MINUTE, Rates
from tests.kit.clocks import StoppedClock


def caller(key_id: str = "k", per_minute: int = 3) -> Principal:
    return Principal("a", Role.BUYER, key_id, Limits(requests_per_minute=per_minute))


async def test_a_minutes_worth_may_come_at_once_and_no_more() -> None:
    rates = Rates(StoppedClock())
    taken = [rates.take(caller()) for _ in range(4)]
    assert [rate.remaining for rate in taken] == [2, 1, 0, 0]
    assert [rate.exceeded for rate in taken] == [None, None, None, timedelta(seconds=20)]


async def test_time_refills_evenly() -> None:
    clock = StoppedClock()
    rates = Rates(clock)
    for _ in range(3):
        rates.take(caller())
    await clock.sleep(20)
    assert rates.take(caller()).exceeded is None
    assert rates.take(caller()).exceeded is not None
    await clock.sleep(1_000_000)
    assert rates.take(caller()).remaining == 2


async def test_keys_are_counted_apart() -> None:
    rates = Rates(StoppedClock())
    assert rates.take(caller("k", 1)).exceeded is None
    assert rates.take(caller("l", 1)).exceeded is None
    assert rates.take(caller("k", 1)).exceeded is not None


async def test_the_tokens_of_jobs_are_counted_apart_too() -> None:
    rates = Rates(StoppedClock())
    for _ in range(TOKEN_PER_MINUTE):
        assert rates.take_by_token("a").exceeded is None
    assert rates.take_by_token("a").exceeded is not None
    assert rates.take_by_token("b").exceeded is None
    assert rates.take(caller("a")).exceeded is None


async def test_no_more_keys_are_remembered_than_there_is_room_for() -> None:
    rates = Rates(StoppedClock())
    rates.take(caller("first", 1))
    for number in range(KEYS):
        rates.take(caller(f"key {number}"))
    assert rates.take(caller("first", 1)).exceeded is None


def test_a_client_is_told_where_it_stands() -> None:
    assert Rates(StoppedClock()).take(caller()).headers() == {
        "x-ratelimit-limit-requests": "3",
        "x-ratelimit-remaining-requests": "2",
        "x-ratelimit-reset-requests": "20s",
    }
