"""How far audio may be from the length that was asked for."""

from datetime import timedelta

import pytest

from services.artifacts.domain.audio.unfit import Reason
from services.artifacts.domain.duration import misfit


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize("duration", [57.0, 59.9, 60.0, 60.04, 61.0, 90.0, 120.0])
def test_a_minute_may_be_a_little_short_or_as_long_again(duration: float) -> None:
    assert misfit(seconds(duration), seconds(60)) is None


@pytest.mark.parametrize("duration", [0.0, 30.0, 56.9, 120.1, 3600.0])
def test_a_minute_may_not_be_anything_else(duration: float) -> None:
    unfit = misfit(seconds(duration), seconds(60))
    assert unfit is not None
    assert unfit.reason is Reason.WRONG_DURATION


def test_a_short_sound_may_be_off_by_a_second() -> None:
    assert misfit(seconds(2.0), seconds(3)) is None
    assert misfit(seconds(1.9), seconds(3)) is not None


def test_the_buyer_is_told_both_lengths() -> None:
    unfit = misfit(seconds(31.25), seconds(60))
    assert unfit is not None
    assert unfit.message == "the audio is 31.2 s long, 60 s were asked for"


def test_where_no_length_was_asked_for_any_but_none_will_do() -> None:
    assert misfit(seconds(0.1), None) is None
    assert misfit(seconds(3000), None) is None
    assert misfit(seconds(0.05), None) is not None
