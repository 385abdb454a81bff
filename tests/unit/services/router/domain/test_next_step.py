"""The one place that decides about another try."""

from datetime import timedelta

import pytest

from services.router.domain.next_step import (
    ENOUGH,
    MOST_ATTEMPTS,
    Ask,
    GiveUp,
    Leave,
    Resolve,
    SayRouted,
    next_step,
    nobody_left,
    waits,
)
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.market.selection import NoMatch, Shortfall
from tests.unit.services.router.market import AT, EXPIRES, attempt, offer, order

S = AttemptState


def tried(number: int, state: AttemptState, code: str | None = None, reason: str | None = None) -> AttemptRecord:
    return attempt(number, state, at=offer(f"offer-{number}"), code=code, reason=reason)


def test_a_job_without_attempts_asks_for_its_first() -> None:
    assert next_step(order(), [], AT) == Ask(1, frozenset())


def test_an_open_intent_is_somebodys_until_its_age_says_otherwise() -> None:
    made = tried(1, S.INTENDED)
    assert next_step(order(), [made], AT) == Resolve(made)


def test_a_submitted_attempt_is_said_again() -> None:
    made = tried(1, S.SUBMITTED)
    assert next_step(order(), [made], AT) == SayRouted(made)


def test_a_submitted_attempt_is_said_again_even_after_the_deadline() -> None:
    made = tried(1, S.SUBMITTED)
    assert next_step(order(), [made], EXPIRES) == SayRouted(made)


@pytest.mark.parametrize("state", [S.REFUSED, S.FAILED, S.UNKNOWN])
def test_what_came_to_nothing_is_followed_by_another_offer(state: AttemptState) -> None:
    assert next_step(order(), [tried(1, state)], AT) == Ask(2, frozenset({"offer-1"}))


def test_who_only_said_not_so_fast_may_be_asked_again() -> None:
    history = [tried(1, S.REFUSED, "backoff"), tried(2, S.REFUSED, "throttled")]
    assert next_step(order(), history, AT) == Ask(3, frozenset({"offer-1"}))


def test_the_number_follows_the_highest_there_was() -> None:
    assert next_step(order(), [tried(3, S.REFUSED)], AT) == Ask(4, frozenset({"offer-3"}))


@pytest.mark.parametrize("code", ["content_policy", "provider_rejected"])
@pytest.mark.parametrize("state", [S.FAULTY, S.FAILED])
def test_what_is_wrong_with_the_request_ends_the_job(state: AttemptState, code: str) -> None:
    history = [tried(1, S.REFUSED), tried(2, state, code, "not like this")]
    assert next_step(order(), history, AT) == GiveUp(code, "not like this")


def test_a_second_unknown_outcome_ends_the_job() -> None:
    history = [tried(1, S.UNKNOWN), tried(2, S.REFUSED), tried(3, S.UNKNOWN)]
    step = next_step(order(), history, AT)
    assert isinstance(step, GiveUp)
    assert step.code == "provider_error"


def test_one_unknown_outcome_does_not_end_the_job() -> None:
    assert isinstance(next_step(order(), [tried(1, S.UNKNOWN), tried(2, S.REFUSED)], AT), Ask)


def test_after_five_attempts_there_is_no_sixth() -> None:
    history = [tried(number, S.REFUSED, "backoff") for number in range(1, MOST_ATTEMPTS + 1)]
    assert isinstance(next_step(order(), history[:-1], AT), Ask)
    step = next_step(order(), history, AT)
    assert isinstance(step, GiveUp)
    assert step.code == "no_healthy_sellers"


def test_without_time_for_a_first_attempt_the_job_expired_before_submission() -> None:
    late = EXPIRES - ENOUGH + timedelta(milliseconds=1)
    assert isinstance(next_step(order(), [], EXPIRES - ENOUGH), Ask)
    step = next_step(order(), [], late)
    assert isinstance(step, GiveUp)
    assert step.code == "expired_before_submission"


def test_without_time_for_another_attempt_the_job_expired() -> None:
    step = next_step(order(), [tried(1, S.FAILED, "provider_error")], EXPIRES)
    assert isinstance(step, GiveUp)
    assert step.code == "expired"


@pytest.mark.parametrize("history", [[], [tried(1, S.FAILED)], [tried(1, S.WITHDRAWN, "canceled")]])
def test_nothing_new_begins_for_a_buyer_who_canceled(history: list[AttemptRecord]) -> None:
    step = next_step(order(canceled=True), history, AT)
    assert isinstance(step, GiveUp)
    assert step.code == "canceled"


def test_a_job_withdrawn_for_a_cancel_is_canceled_whoever_asks() -> None:
    step = next_step(order(), [tried(1, S.WITHDRAWN, "canceled")], AT)
    assert isinstance(step, GiveUp)
    assert step.code == "canceled"


@pytest.mark.parametrize("last", [tried(1, S.SUCCEEDED), tried(1, S.WITHDRAWN, "ended")])
def test_a_job_that_is_over_is_left_alone(last: AttemptRecord) -> None:
    assert next_step(order(), [last], AT) == Leave()


def test_when_nobody_is_left_the_last_attempt_that_got_through_is_the_reason() -> None:
    history = [tried(1, S.FAILED, "artifact_rejected", "not audio"), tried(2, S.REFUSED)]
    assert nobody_left(history, Shortfall.NO_HEALTHY_SELLERS, "nobody") == GiveUp("artifact_rejected", "not audio")
    unknown = nobody_left([*history, tried(3, S.UNKNOWN)], Shortfall.NO_HEALTHY_SELLERS, "nobody")
    assert unknown.code == "provider_error"


def test_when_everybody_refused_the_book_is_the_reason() -> None:
    reason = nobody_left([tried(1, S.REFUSED)], Shortfall.MINIMUM_DISCOUNT_NOT_MET, "nobody")
    assert reason == GiveUp("minimum_discount_not_met", "nobody")


def test_a_job_waits_only_for_who_will_be_free_in_time() -> None:
    in_time = EXPIRES - ENOUGH
    assert waits(NoMatch(Shortfall.NO_HEALTHY_SELLERS, None, in_time), order()) == in_time
    assert waits(NoMatch(Shortfall.NO_HEALTHY_SELLERS, None, EXPIRES), order()) is None
    assert waits(NoMatch(Shortfall.NO_HEALTHY_SELLERS, None), order()) is None
