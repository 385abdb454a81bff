"""Attempts are closed once; what closes them says what they leave standing."""

from datetime import timedelta

import pytest

from services.router.domain.closing import MOVES, Closing, closing_of, counted, sources
from shared.contracts.records.attempt import OPEN, AttemptState
from shared.kernel.money import ZERO
from shared.providers.outcomes import Faulty, Pause, Refused, Unknown
from tests.unit.services.router.market import attempt


def test_every_state_has_its_row_of_moves() -> None:
    assert set(MOVES) == set(AttemptState)


def test_only_open_attempts_move() -> None:
    assert {state for state, targets in MOVES.items() if targets} == set(OPEN)


def test_nothing_becomes_an_intent_again() -> None:
    assert sources(AttemptState.INTENDED) == frozenset()


def test_only_what_was_submitted_can_succeed_or_fail() -> None:
    assert sources(AttemptState.SUCCEEDED) == sources(AttemptState.FAILED) == {AttemptState.SUBMITTED}


def test_a_refusal_closes_with_its_pause_as_the_code() -> None:
    outcome = Refused("full", Pause.THROTTLED, 429, timedelta(seconds=3))
    assert closing_of(outcome) == Closing(AttemptState.REFUSED, "throttled", "full")


def test_a_faulty_request_closes_with_the_providers_suggestion() -> None:
    outcome = Faulty("content_policy", "No violence.", "a quiet song")
    closing = closing_of(outcome)
    assert (closing.state, closing.code) == (AttemptState.FAULTY, "content_policy")
    assert closing.reason == "No violence. Suggested prompt: a quiet song"


def test_an_unknown_outcome_closes_as_unknown() -> None:
    assert closing_of(Unknown("reset")) == Closing(AttemptState.UNKNOWN, None, "reset")


@pytest.mark.parametrize(
    "state", [AttemptState.REFUSED, AttemptState.FAULTY, AttemptState.FAILED, AttemptState.WITHDRAWN]
)
def test_what_certainly_came_to_nothing_leaves_nothing_against_the_cap(state: AttemptState) -> None:
    assert counted(attempt(state=state)) == ZERO


@pytest.mark.parametrize("state", [AttemptState.UNKNOWN, AttemptState.SUCCEEDED])
def test_what_may_be_charged_counts_whole(state: AttemptState) -> None:
    made = attempt(state=state)
    assert counted(made) == made.cost.seller
