"""When a fetch is tried again, and when the provider's audio is given up."""

from datetime import timedelta

import pytest

from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.patience import (
    LONGEST_FETCH,
    MOST_CALLS,
    MOST_TRIES,
    NO_TRIES,
    NoBody,
    Reject,
    Tries,
    TryAgain,
    judge,
    time_left,
)
from shared.market.kinds import MUSIC
from tests.unit.services.artifacts.story import AT

SECOND = timedelta(seconds=1)


def test_a_fetch_may_go_on_for_a_while_after_the_deadline() -> None:
    assert time_left(MUSIC, expires_at=AT, at=AT) == MUSIC.fetch_grace
    assert time_left(MUSIC, expires_at=AT, at=AT + MUSIC.fetch_grace - SECOND) == SECOND
    assert time_left(MUSIC, expires_at=AT, at=AT + MUSIC.fetch_grace) <= timedelta()


def test_a_fetch_is_over_before_the_job_expires() -> None:
    assert MUSIC.fetch_grace < MUSIC.end_grace


def test_no_fetch_takes_longer_than_ten_minutes() -> None:
    assert time_left(MUSIC, expires_at=AT + timedelta(hours=5), at=AT) == LONGEST_FETCH


@pytest.mark.parametrize("reason", [Reason.TRUNCATED, Reason.NOT_AUDIO, Reason.TOO_SLOW])
def test_what_may_be_an_accident_is_fetched_three_times(reason: Reason) -> None:
    unfit = Unfit(reason, "broken")
    for tries in range(MOST_TRIES - 1):
        assert judge(unfit, Tries(bodies=tries)) == TryAgain("broken", Tries(bodies=tries + 1))
    assert judge(unfit, Tries(bodies=MOST_TRIES - 1)) == Reject(unfit)


@pytest.mark.parametrize("reason", [Reason.TOO_LARGE, Reason.WRONG_DURATION, Reason.COMPRESSED])
def test_what_is_no_accident_is_rejected_at_once(reason: Reason) -> None:
    assert judge(Unfit(reason, "hopeless"), NO_TRIES) == Reject(Unfit(reason, "hopeless"))


def test_a_provider_that_hands_nothing_out_is_asked_five_times() -> None:
    for tries in range(MOST_CALLS - 1):
        assert judge(NoBody("at capacity"), Tries(calls=tries)) == TryAgain("at capacity", Tries(calls=tries + 1))
    assert judge(NoBody("at capacity"), Tries(calls=MOST_CALLS - 1)) == Reject(Unfit(Reason.GONE, "at capacity"))


def test_bad_bodies_and_fetches_without_one_use_up_no_patience_of_each_other() -> None:
    before = Tries(bodies=MOST_TRIES - 2, calls=MOST_CALLS - 2)
    unfit = Unfit(Reason.TRUNCATED, "cut")
    assert judge(unfit, before) == TryAgain("cut", Tries(MOST_TRIES - 1, MOST_CALLS - 2))
    assert judge(NoBody("full"), before) == TryAgain("full", Tries(MOST_TRIES - 2, MOST_CALLS - 1))
    assert judge(unfit, Tries(calls=MOST_CALLS - 1)) == TryAgain("cut", Tries(1, MOST_CALLS - 1))


def test_a_provider_that_says_come_again_later_is_not_counted_against() -> None:
    before = Tries(100, 100)
    assert judge(NoBody("slow down", counts=False), before) == TryAgain("slow down", before)


def test_a_definite_no_is_not_argued_with() -> None:
    assert judge(NoBody("bad key", final=True), NO_TRIES) == Reject(Unfit(Reason.GONE, "bad key"))
