"""The rate limit and the failure block, on a clock that is moved by hand."""

import pytest

from deploy.simulator.answers import Refusal
from deploy.simulator.limits import Limits, Policy

_NOON = 1_800_000_000.0
assert _NOON % 60 == 0


def _limits(**numbers: float) -> Limits:
    return Limits(Policy.model_validate({"enabled": True} | numbers))


def test_switched_off_nothing_is_counted_and_nothing_is_said() -> None:
    limits = Limits(Policy())
    assert [limits.admit("k", _NOON) for _ in range(100)] == [{}] * 100


def test_the_sixty_first_call_of_a_minute_is_refused_and_told_when_to_return() -> None:
    limits = _limits()
    remaining = [limits.admit("k", _NOON)["x-ratelimit-remaining-requests"] for _ in range(60)]
    assert remaining == [str(left) for left in range(59, -1, -1)]
    with pytest.raises(Refusal) as refusal:
        limits.admit("k", _NOON + 59.9)
    assert refusal.value.answer.status == 429
    assert refusal.value.answer.headers["x-ratelimit-reset-requests"] == str(int(_NOON) + 60)


def test_a_new_minute_begins_with_a_full_allowance() -> None:
    limits = _limits(requests_per_minute=1)
    limits.admit("k", _NOON)
    assert limits.admit("k", _NOON + 60)["x-ratelimit-remaining-requests"] == "0"


def test_one_keys_calls_leave_another_key_alone() -> None:
    limits = _limits(requests_per_minute=1)
    limits.admit("a", _NOON)
    limits.admit("b", _NOON)


def test_more_than_twenty_failures_in_thirty_seconds_block_the_key_for_thirty() -> None:
    limits = _limits()
    for _ in range(21):
        limits.settle("k", 500, _NOON)
    with pytest.raises(Refusal) as refusal:
        limits.admit("k", _NOON + 29)
    assert refusal.value.answer.headers["x-ratelimit-reset-requests"] == str(int(_NOON) + 30)
    limits.admit("k", _NOON + 30)


def test_failures_count_for_thirty_seconds_and_successes_not_at_all() -> None:
    limits = _limits()
    for second in range(21):
        limits.settle("k", 500, _NOON + second * 1.5)
        limits.settle("k", 200, _NOON + second * 1.5)
    limits.admit("k", _NOON + 31)


def test_answers_to_a_blocked_key_do_not_prolong_its_block() -> None:
    limits = _limits(failures=1)
    for second in range(30):
        limits.settle("k", 429, _NOON + second)
    limits.admit("k", _NOON + 31)
