"""How far audio may be from the length that was asked for."""

from datetime import timedelta

import pytest

from services.artifacts.domain.audio.tape import Heard
from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.duration import BUFFER, misfit

SIZE = 10 * BUFFER + 1


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def judged(duration: float, asked: float | None, *, proven: bool = True, size: int = SIZE) -> Unfit | None:
    return misfit(Heard(seconds(duration), proven), None if asked is None else seconds(asked), bytes=size)


@pytest.mark.parametrize("duration", [24.0, 30.0, 57.0, 60.0, 60.04, 120.0, 3600.0])
def test_what_is_shorter_or_longer_than_asked_is_kept_and_billed_as_it_is(duration: float) -> None:
    assert judged(duration, 60) is None


@pytest.mark.parametrize("duration", [0.0, 5.0, 23.9])
def test_a_snippet_is_not_what_was_asked_for(duration: float) -> None:
    unfit = judged(duration, 60)
    assert unfit is not None
    assert unfit.reason is Reason.WRONG_DURATION


def test_the_buyer_is_told_both_lengths() -> None:
    unfit = judged(11.25, 60)
    assert unfit is not None
    assert unfit.message == "the audio is 11.2 s long, 60 s were asked for"


def test_where_no_length_was_asked_for_any_but_none_will_do() -> None:
    assert judged(0.1, None) is None
    assert judged(3000, None) is None
    assert judged(0.05, None) is not None


@pytest.mark.parametrize("duration", [57.0, 59.9, 60.0, 120.0])
def test_an_end_that_nothing_proves_is_believed_close_to_what_was_asked_for(duration: float) -> None:
    assert judged(duration, 60, proven=False) is None


@pytest.mark.parametrize("duration", [5.0, 30.0, 56.9])
def test_an_end_that_nothing_proves_is_no_end_far_from_what_was_asked_for(duration: float) -> None:
    unfit = judged(duration, 60, proven=False)
    assert unfit is not None
    assert unfit.reason is Reason.TRUNCATED


@pytest.mark.parametrize("asked", [60.0, None])
def test_an_end_that_nothing_proves_is_no_end_where_a_buffer_ends(asked: float | None) -> None:
    unfit = judged(59.9, asked, proven=False, size=7 * BUFFER)
    assert unfit is not None
    assert unfit.reason is Reason.TRUNCATED
    assert judged(59.9, asked, proven=True, size=7 * BUFFER) is None


def test_all_that_was_asked_for_may_end_where_a_buffer_does() -> None:
    assert judged(60, 60, proven=False, size=7 * BUFFER) is None


def test_an_end_that_nothing_proves_is_believed_where_no_length_was_asked_for() -> None:
    assert judged(12, None, proven=False) is None
