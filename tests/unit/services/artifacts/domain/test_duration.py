"""How far audio may be from the length that was asked for."""

from datetime import timedelta

import pytest

from services.artifacts.domain.audio.unfit import Reason
from services.artifacts.domain.duration import misfit


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize("duration", [24.0, 30.0, 57.0, 60.0, 60.04, 120.0, 3600.0])
def test_what_is_shorter_or_longer_than_asked_is_kept_and_billed_as_it_is(duration: float) -> None:
    assert misfit(seconds(duration), seconds(60)) is None


@pytest.mark.parametrize("duration", [0.0, 5.0, 23.9])
def test_a_snippet_is_not_what_was_asked_for(duration: float) -> None:
    unfit = misfit(seconds(duration), seconds(60))
    assert unfit is not None
    assert unfit.reason is Reason.WRONG_DURATION


def test_the_buyer_is_told_both_lengths() -> None:
    unfit = misfit(seconds(11.25), seconds(60))
    assert unfit is not None
    assert unfit.message == "the audio is 11.2 s long, 60 s were asked for"


def test_where_no_length_was_asked_for_any_but_none_will_do() -> None:
    assert misfit(seconds(0.1), None) is None
    assert misfit(seconds(3000), None) is None
    assert misfit(seconds(0.05), None) is not None
