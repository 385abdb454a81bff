"""Headers that say when to come back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from multidict import CIMultiDict

from shared.providers.rate_headers import Allowance, read_allowance, wait_told

NOW = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)


def told(**headers: str) -> Allowance:
    return read_allowance(CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()}), NOW)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        (" 30 ", 30),
        ("Sat, 31 Jan 2026 12:00:05 GMT", 5),
        ("Sat, 31 Jan 2026 11:00:00 GMT", 0),
        ("Sat, 31 Jan 2026 12:00:05", 5),
        ("999999999999", 86400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int) -> None:
    assert told(retry_after=text).retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "soon", "١٢", "1" * 13, "Sat, 99 Jan 2026 99:00:00 GMT"])
def test_a_retry_after_without_sense_counts_as_absent(text: str) -> None:
    assert told(retry_after=text) == Allowance()


def test_the_reset_is_a_unix_time() -> None:
    reset = str(int(NOW.timestamp()) + 17)
    assert told(x_ratelimit_reset_requests=reset).resets_after == timedelta(seconds=17)


@pytest.mark.parametrize("reset", ["999999999999", "0"])
def test_a_reset_out_of_this_world_is_bounded(reset: str) -> None:
    resets_after = told(x_ratelimit_reset_requests=reset).resets_after
    assert resets_after is not None
    assert timedelta(0) <= resets_after <= timedelta(days=1)


def test_limit_and_remaining_are_counts_and_no_limit_is_no_limit() -> None:
    allowance = told(X_RateLimit_Limit_Requests="60", x_ratelimit_remaining_requests="0")
    assert (allowance.per_minute, allowance.remaining) == (60, 0)
    assert told(x_ratelimit_limit_requests="0").per_minute is None


def test_retry_after_goes_before_the_reset() -> None:
    both = Allowance(retry_after=timedelta(seconds=1), resets_after=timedelta(seconds=2))
    assert wait_told(both, 429) == timedelta(seconds=1)
    assert wait_told(Allowance(resets_after=timedelta(seconds=2)), 429) == timedelta(seconds=2)
    assert wait_told(Allowance(), 429) is None


@pytest.mark.parametrize("status", [401, 404, 500, 502, 503])
def test_the_reset_of_a_limit_with_requests_left_is_no_reason_to_wait(status: int) -> None:
    ordinary = Allowance(per_minute=60, remaining=41, resets_after=timedelta(seconds=52))
    assert wait_told(ordinary, status) is None
    assert wait_told(replace(ordinary, remaining=None), status) is None
    assert wait_told(replace(ordinary, remaining=0), status) == timedelta(seconds=52)
    assert wait_told(replace(ordinary, retry_after=timedelta(seconds=3)), status) == timedelta(seconds=3)
