"""What a key may still send, by what its answers said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.providers.budget import Budget, Go, Turn, Wait, hear, rest, send, settle, take
from shared.providers.rate_headers import Allowance

NOTHING = Allowance()


def turns(budget: Budget, now: float, count: int, patience: float = 0.0) -> tuple[Budget, list[Turn]]:
    said = []
    for _ in range(count):
        budget, turn = take(budget, now, patience)
        said.append(turn)
    return budget, said


def went(said: list[Turn]) -> int:
    return sum(isinstance(turn, Go) for turn in said)


def test_nothing_is_limited_while_nothing_is_known() -> None:
    budget, said = turns(Budget(), 0.0, 10_000)
    assert said == [Go(0.0)] * 10_000
    assert budget.per_minute is None


def test_a_429_halves_the_pace_that_was_observed() -> None:
    budget, _ = turns(Budget(), 30.0, 40)
    assert hear(budget, 429, NOTHING, 30.0, 30.0).per_minute == 20


def test_the_minute_before_counts_in_as_far_as_it_is_recent() -> None:
    budget, _ = turns(Budget(), 59.0, 40)
    budget, _ = turns(budget, 75.0, 10)
    assert hear(budget, 429, NOTHING, 75.0, 75.0).per_minute == (10 + 40 * 0.75) / 2


def test_answers_to_what_was_sent_before_the_cut_do_not_cut_again() -> None:
    budget, _ = turns(Budget(), 30.0, 40)
    for _ in range(20):
        budget = hear(budget, 429, NOTHING, 30.0, 31.0)
    assert budget.per_minute == 20
    assert hear(budget, 429, NOTHING, 31.0, 32.0).per_minute == 10


def test_a_pace_never_falls_below_ten_requests_a_minute() -> None:
    budget = Budget(per_minute=11.0, counted_at=0.0, grown_at=0.0)
    assert hear(budget, 429, NOTHING, 0.0, 0.0).per_minute == 10.0


def test_a_limit_below_that_is_kept_to() -> None:
    budget = hear(Budget(), 200, Allowance(per_minute=4), 0.0, 0.0)
    assert hear(budget, 429, NOTHING, 0.0, 0.0).per_minute == 4


def test_a_quiet_key_has_its_second_job_wait_seconds_after_a_429() -> None:
    budget, _ = turns(Budget(), 0.0, 1)
    budget = hear(budget, 429, Allowance(retry_after=timedelta(seconds=2)), 0.0, 0.5)
    _, said = turns(budget, 2.5, 2)
    assert said == [Go(0.0), Wait(pytest.approx(4.0))]


def test_a_wait_reckons_with_a_pace_that_grows_meanwhile() -> None:
    budget = Budget(per_minute=12.0, tokens=-2.0, counted_at=0.0, grown_at=0.0)
    earned_by_ten, earned_by_twenty = 12 / 6, 12 / 6 + 13 / 6
    assert earned_by_ten < 3.0 < earned_by_twenty
    budget, turn = take(budget, 0.0, 0.0)
    assert turn == Wait(pytest.approx(10 + (3.0 - earned_by_ten) * 60 / 13))
    assert take(budget, turn.seconds, 0.0)[1] == Go(pytest.approx(0.0))
    assert take(replace(budget, ceiling=12.0), 0.0, 0.0)[1] == Wait(pytest.approx(15.0))


def test_a_pace_grows_by_one_for_every_ten_quiet_seconds() -> None:
    budget = Budget(per_minute=20.0, counted_at=0.0, grown_at=0.0)
    assert take(budget, 9.9, 0.0)[0].per_minute == 20.0
    assert take(budget, 10.0, 0.0)[0].per_minute == 21.0
    assert take(budget, 305.0, 0.0)[0].per_minute == 50.0


def test_a_pace_does_not_outgrow_what_a_header_allows() -> None:
    budget = hear(Budget(), 200, Allowance(per_minute=60), 0.0, 0.0)
    assert take(budget, 1000.0, 0.0)[0].per_minute == 60


def test_a_lower_header_lowers_the_pace_and_a_higher_one_does_not_raise_it() -> None:
    budget = hear(Budget(), 200, Allowance(per_minute=60), 0.0, 0.0)
    assert hear(budget, 200, Allowance(per_minute=30), 0.0, 0.0).per_minute == 30
    assert hear(budget, 200, Allowance(per_minute=120), 0.0, 0.0).per_minute == 60


def test_a_paced_key_may_send_what_it_saved_up_and_then_its_pace() -> None:
    budget = hear(Budget(), 200, Allowance(per_minute=60), 0.0, 0.0)
    budget, said = turns(budget, 0.0, 20)
    assert went(said) == 15
    assert said[-1] == Wait(1.0)
    _, said = turns(budget, 5.0, 20)
    assert went(said) == 5


def test_the_patient_get_places_one_after_another() -> None:
    budget = Budget(per_minute=60.0, tokens=0.0, counted_at=0.0, grown_at=0.0)
    _, said = turns(budget, 0.0, 4, patience=3.0)
    assert said == [Go(1.0), Go(2.0), Go(3.0), Wait(4.0)]


def test_a_429_closes_the_key_for_as_long_as_it_says() -> None:
    budget = hear(Budget(), 429, Allowance(retry_after=timedelta(seconds=42)), 0.0, 0.0)
    assert rest(budget, 0.0) == 42.0
    assert rest(budget, 42.0) == 0.0


def test_one_request_may_come_back_when_a_429_said_to_however_slow_the_pace_is_now() -> None:
    budget, _ = turns(Budget(), 0.0, 1)
    budget = hear(budget, 429, Allowance(retry_after=timedelta(seconds=1)), 0.0, 0.0)
    assert take(budget, 0.9, 0.0)[1] == Wait(pytest.approx(0.1))
    budget, said = turns(budget, 1.0, 2)
    assert said[0] == Go(0.0)
    assert isinstance(said[1], Wait)


def test_a_key_is_never_closed_for_longer_than_five_minutes() -> None:
    budget = hear(Budget(), 429, Allowance(retry_after=timedelta(hours=5)), 0.0, 0.0)
    assert rest(budget, 0.0) == 300.0


def test_a_shorter_wait_does_not_open_what_a_longer_one_closed() -> None:
    budget = hear(Budget(), 429, Allowance(retry_after=timedelta(seconds=42)), 0.0, 0.0)
    budget = hear(budget, 429, Allowance(retry_after=timedelta(seconds=1)), 0.0, 0.0)
    assert rest(budget, 0.0) == 42.0


def test_with_nothing_remaining_the_key_is_closed_until_its_limit_resets() -> None:
    left = Allowance(remaining=1, resets_after=timedelta(seconds=20))
    assert rest(hear(Budget(), 200, left, 0.0, 0.0), 0.0) == 0.0
    assert rest(hear(Budget(), 200, replace(left, remaining=0), 0.0, 0.0), 0.0) == 20.0


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_after_five_refusals_in_thirty_seconds_the_key_rests(status: int) -> None:
    budget = Budget()
    for second in range(5):
        assert rest(budget, float(second)) == 0.0
        budget = hear(budget, status, NOTHING, float(second), float(second))
    assert rest(budget, 4.0) == 26.0
    assert rest(budget, 30.0) == 0.0


def test_answers_that_are_no_refusals_do_not_count() -> None:
    budget = Budget()
    for _ in range(100):
        budget = hear(budget, 200, NOTHING, 0.0, 0.0)
    assert rest(budget, 0.0) == 0.0


def test_in_trouble_what_is_unanswered_counts_as_refused() -> None:
    budget = hear(Budget(), 401, NOTHING, 0.0, 0.0)
    for _ in range(4):
        assert rest(budget, 0.0) == 0.0
        budget = send(budget)
    assert rest(budget, 0.0) == 1.0
    assert rest(settle(budget), 0.0) == 0.0


def test_without_trouble_any_number_may_be_unanswered() -> None:
    budget = Budget()
    for _ in range(100):
        budget = send(budget)
    assert rest(budget, 0.0) == 0.0


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from([200, 404, 429, 500]), st.integers(0, 3)), max_size=60))
def test_whatever_is_answered_no_key_gets_more_than_five_refusals_in_thirty_seconds(
    story: list[tuple[float, int, int]],
) -> None:
    budget, now, refused = Budget(), 0.0, []
    for passed, status, retry_after in story:
        now += passed
        budget, turn = take(budget, now, 0.0)
        if isinstance(turn, Wait):
            assert turn.seconds > 0
            continue
        budget = settle(hear(send(budget), status, Allowance(retry_after=timedelta(seconds=retry_after)), now, now))
        if status >= 400:
            refused.append(now)
    assert all(later - earlier >= 30 for earlier, later in zip(refused, refused[5:], strict=False))
