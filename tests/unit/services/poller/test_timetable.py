"""When looks are due."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from services.poller.domain.timetable import next_due, timetable
from shared.market.kinds import MUSIC

ROUTED = datetime(2026, 5, 1, 12, tzinfo=UTC)
EXPIRES = ROUTED + timedelta(minutes=15)
NOMINAL = [2, 3, 4.5, 6.75, 10, 10, 10]


def instants(job_id: str = "job") -> list[float]:
    return [(due - ROUTED).total_seconds() for due in islice(timetable(MUSIC.looks, job_id, ROUTED), 7)]


def test_the_first_look_comes_two_seconds_after_hand_over() -> None:
    assert instants()[0] == 2


def test_waits_grow_by_half_up_to_ten_seconds_and_spread_by_a_tenth() -> None:
    dues = [0.0, *instants()]
    waits = [later - earlier for earlier, later in pairwise(dues)]
    for wait, nominal in zip(waits, NOMINAL, strict=True):
        assert wait == pytest.approx(nominal, rel=0.1001)


def test_two_pollers_see_the_same_timetable_of_a_job() -> None:
    assert instants("a") == instants("a")


def test_two_jobs_routed_together_are_not_looked_at_together() -> None:
    assert instants("a")[1:] != instants("b")[1:]


def test_a_watch_taken_up_later_goes_on_at_the_next_instant() -> None:
    dues = list(islice(timetable(MUSIC.looks, "job", ROUTED), 7))
    taken_up = dues[3] + timedelta(seconds=1)
    due = next_due(timetable(MUSIC.looks, "job", ROUTED), at=taken_up, after=None, expires_at=EXPIRES)
    assert due == dues[4]


def test_what_the_provider_asks_for_is_waited_for() -> None:
    after = timedelta(seconds=20)
    due = next_due(timetable(MUSIC.looks, "job", ROUTED), at=ROUTED, after=after, expires_at=EXPIRES)
    assert due > ROUTED + after


def test_no_look_is_due_after_the_deadline() -> None:
    end = ROUTED + timedelta(seconds=4)
    due = next_due(timetable(MUSIC.looks, "job", ROUTED), at=ROUTED + timedelta(seconds=3), after=None, expires_at=end)
    assert due == end


def test_a_watch_taken_up_after_the_deadline_looks_once_at_once() -> None:
    late = EXPIRES + timedelta(seconds=9)
    due = next_due(timetable(MUSIC.looks, "job", ROUTED), at=late, after=None, expires_at=EXPIRES)
    assert due == EXPIRES
