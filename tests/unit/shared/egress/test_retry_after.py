"""How long a server asks to be left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.egress.retry_after import LONGEST, read_retry_after

NOW = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7\t", 7),
        ("86401", 86_400),
        ("9" * 12, 86_400),
        ("Sat, 31 Jan 2026 12:00:05 GMT", 5),
        ("Sat, 31 Jan 2026 12:00:05", 5),
        ("Sat, 31 Jan 2026 14:00:05 +0200", 5),
        ("Sat, 31 Jan 2026 11:59:59 GMT", 0),
        ("Mon, 01 Jan 0001 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_it_is_seconds_or_a_date(value: str, seconds: int) -> None:
    assert read_retry_after(value, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [None, "", " ", "-1", "+1", "1.5", "soon", "١٢", "²", "9" * 13, "9" * 5000, "Sat, 99 Jan 2026 99:00:00 GMT"],
    ids=lambda value: repr(value)[:12],
)
def test_what_makes_no_sense_counts_as_absent(value: str | None) -> None:
    assert read_retry_after(value, NOW) is None


@given(some.text())
def test_whatever_a_server_sends_is_absent_or_within_a_day(value: str) -> None:
    wait = read_retry_after(value, NOW)
    assert wait is None or timedelta() <= wait <= LONGEST
