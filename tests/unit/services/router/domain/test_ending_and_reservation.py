"""What an ending makes of attempts, and what reservations are worth."""

from datetime import timedelta

import pytest

from services.router.domain.ending import End, How, Sale, closing_at, speaks_against_the_offer
from services.router.domain.objection import Objection, objection
from services.router.domain.reservation import Reservation, fits, frees_room, left_over
from shared.contracts.records.artifact import ArtifactRecord, ArtifactState
from shared.contracts.records.attempt import AttemptState
from shared.contracts.records.job import JobStatus
from shared.kernel.money import ZERO, Money
from shared.market.standings import Health, Standing
from tests.unit.services.router.market import AT, attempt, job, offer

S = AttemptState
SOLD = End("job", How.SUCCEEDED, "delivered", Sale(2, Money(20_000)))
EXPIRED = End("job", How.EXPIRED, "time was up")


def test_the_attempt_whose_audio_was_sold_has_succeeded() -> None:
    closing = closing_at(SOLD, attempt(2, S.SUBMITTED))
    assert closing is not None
    assert closing.state is S.SUCCEEDED


def test_an_attempt_that_another_one_overtook_has_failed() -> None:
    closing = closing_at(SOLD, attempt(3, S.SUBMITTED))
    assert closing is not None
    assert closing.state is S.FAILED


def test_an_intent_at_the_end_is_unknown_because_it_may_be_on_its_way() -> None:
    closing = closing_at(EXPIRED, attempt(1, S.INTENDED))
    assert closing is not None
    assert closing.state is S.UNKNOWN


@pytest.mark.parametrize("state", [state for state in S if state not in {S.INTENDED, S.SUBMITTED}])
def test_what_is_closed_stays_as_it_is(state: AttemptState) -> None:
    assert closing_at(EXPIRED, attempt(1, state)) is None


def test_only_a_provider_that_let_the_time_run_out_is_to_blame() -> None:
    assert speaks_against_the_offer(EXPIRED, attempt(1, S.SUBMITTED))
    assert not speaks_against_the_offer(EXPIRED, attempt(1, S.INTENDED))
    assert not speaks_against_the_offer(End("job", How.CANCELED, ""), attempt(1, S.SUBMITTED))


@pytest.mark.parametrize("status", [JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.EXPIRED])
def test_nothing_is_sent_for_a_job_that_is_over(status: JobStatus) -> None:
    assert objection(job(status=status), []) is Objection.ENDED
    assert objection(None, []) is Objection.ENDED


@pytest.mark.parametrize("state", [ArtifactState.CLAIMED, ArtifactState.STORED, ArtifactState.EXPIRED])
def test_nothing_is_sent_while_audio_is_kept_or_fetched(state: ArtifactState) -> None:
    assert objection(job(), [ArtifactRecord("job", 0, 1, state, None)]) is Objection.ARTIFACT


def test_nothing_is_sent_for_a_buyer_who_canceled() -> None:
    assert objection(job(cancel_requested_at=AT), []) is Objection.CANCELED


def test_rejected_audio_is_no_reason_not_to_try_again() -> None:
    assert objection(job(), [ArtifactRecord("job", 0, 1, ArtifactState.REJECTED, None)]) is None


def test_an_offer_takes_a_job_while_it_is_open_has_a_place_and_is_under_its_cap() -> None:
    amount, small = Money(10), offer(max_concurrent=2, cap_daily=Money(25))
    standing = Standing("offer", in_flight=1, day="2026-05-01", spent=Money(15))
    assert fits(standing, small, amount, AT)
    assert not fits(standing, small, Money(11), AT)
    assert fits(standing, small, Money(25), AT + timedelta(days=1))
    assert not fits(Standing("offer", in_flight=2), small, amount, AT)
    assert not fits(Standing("offer", health=Health.SHUT), small, amount, AT)


def test_freed_room_is_worth_saying_only_where_somebody_may_have_been_turned_away() -> None:
    assert frees_room(Standing("offer", in_flight=1), offer(max_concurrent=2))
    assert not frees_room(Standing("offer", in_flight=0), offer(max_concurrent=2))
    assert frees_room(Standing("offer"), offer(cap_daily=Money(1)))


def test_a_reservation_is_left_over_when_its_attempt_is_closed_or_never_knew_it() -> None:
    made = attempt(1, S.SUBMITTED)
    held = Reservation(made.reservation_id, "offer", made.cost.seller, AT)
    assert left_over(held, made) is None
    assert left_over(held, attempt(1, S.INTENDED)) is None
    assert left_over(held, None) == ZERO
    assert left_over(held, attempt(1, S.SUBMITTED, reservation_id="another")) == ZERO
    assert left_over(held, attempt(1, S.FAILED)) == ZERO
    assert left_over(held, attempt(1, S.UNKNOWN)) == made.cost.seller
