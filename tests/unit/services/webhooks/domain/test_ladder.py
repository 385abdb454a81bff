"""How long a delivery waits before each attempt."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.webhooks.domain.ladder import LADDER, SPREAD, wait_before
from tests.unit.services.webhooks.samples import middle

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ATTEMPTS = range(1, len(LADDER) + 1)
A_RANDOM = some.floats(0, 1, exclude_max=True)


def test_the_ladder_is_the_one_that_buyers_are_told_of() -> None:
    seconds = timedelta(seconds=1)
    told = (0, 5 * seconds, 30 * seconds, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR)
    assert (timedelta(), *told[1:], 20 * HOUR, 24 * HOUR) == LADDER
    assert timedelta(hours=75) < sum(LADDER, timedelta()) < timedelta(hours=76)


def test_each_attempt_waits_for_its_step() -> None:
    assert [wait_before(attempt, LADDER, middle) for attempt in ATTEMPTS] == list(LADDER)


def test_after_the_last_step_there_is_nothing() -> None:
    assert wait_before(len(LADDER) + 1, LADDER, middle) is None


@given(some.sampled_from(ATTEMPTS), A_RANDOM)
def test_a_wait_is_spread_by_a_tenth_at_most(attempt: int, chance: float) -> None:
    wait, step = wait_before(attempt, LADDER, lambda: chance), LADDER[attempt - 1]
    assert wait is not None
    assert step * (1 - SPREAD) <= wait <= step * (1 + SPREAD)


@given(some.lists(A_RANDOM, min_size=len(LADDER), max_size=len(LADDER)))
def test_no_wait_is_shorter_than_the_one_before(chances: list[float]) -> None:
    waits = [wait_before(attempt, LADDER, lambda at=attempt: chances[at - 1]) for attempt in ATTEMPTS]
    assert all(later >= earlier for earlier, later in pairwise(waits))


@pytest.mark.parametrize(
    ("asked", "granted"),
    [(timedelta(), 5 * MINUTE), (4 * MINUTE, 5 * MINUTE), (7 * MINUTE, 7 * MINUTE), (HOUR, 10 * MINUTE)],
)
def test_what_the_receiver_asks_for_is_granted_up_to_twice_the_step(asked: timedelta, granted: timedelta) -> None:
    assert wait_before(4, LADDER, middle, asked=asked) == granted


@given(some.sampled_from(ATTEMPTS), A_RANDOM, some.timedeltas(timedelta(), timedelta(days=400)))
def test_asking_never_shortens_a_wait(attempt: int, chance: float, asked: timedelta) -> None:
    unasked = wait_before(attempt, LADDER, lambda: chance)
    assert unasked is not None
    assert unasked <= (wait_before(attempt, LADDER, lambda: chance, asked=asked) or timedelta())


def test_a_shorter_ladder_of_equal_steps_still_waits() -> None:
    second = timedelta(seconds=1)
    for chance in (0.0, 0.99):
        wait = wait_before(2, (second, second), lambda at=chance: at)
        assert wait is not None
        assert second <= wait <= second * (1 + SPREAD)
