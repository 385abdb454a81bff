"""What looks at one job tell of the others of its key."""

from datetime import UTC, datetime, timedelta

import pytest

from services.poller.domain.sight import BARRED_FOR, LOST_FOR, Sight, after_look, foreseen, proof_needed
from services.poller.domain.watch import PROOF, KeepWatching, Watch, assess
from shared.providers.outcomes import Barred, Broken, Failed, LookAgain, LookOutcome, Missing, Ready, Working

ROUTED = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATE = ROUTED + timedelta(seconds=60)
FRESH = Watch(ROUTED, ROUTED + timedelta(minutes=15))
DOUBTED = Watch(ROUTED, FRESH.expires_at, missing=1)
REFUSED = Barred("the provider did not accept the key")
FOUND = [Working(), Ready("audio/mpeg"), Failed("content_policy", "no"), Broken("out of memory")]


def after(sight: Sight, outcome: LookOutcome, *, watch: Watch = FRESH, at: datetime = LATE) -> Sight:
    """The sight after one look at a job so watched."""
    return after_look(sight, watch, outcome, assess(watch, outcome, at, proof=proof_needed(sight, at)), at)


def lost(jobs: int) -> Sight:
    """After so many jobs were proven lost by their own looks."""
    sight = Sight()
    for _ in range(jobs):
        sight = after(sight, Missing(), watch=Watch(ROUTED, FRESH.expires_at, missing=PROOF - 1))
    return sight


def test_nothing_is_foreseen_of_a_key_that_nothing_is_known_of() -> None:
    assert foreseen(Sight(), DOUBTED, LATE) is None


def test_a_refused_key_is_refused_to_every_job_of_it_for_a_while() -> None:
    barred = after(Sight(), REFUSED)
    assert foreseen(barred, FRESH, LATE) == REFUSED
    assert foreseen(barred, FRESH, LATE + BARRED_FOR) is None


@pytest.mark.parametrize("outcome", [*FOUND, Missing()], ids=str)
def test_a_key_that_shows_something_again_is_refused_no_more(outcome: LookOutcome) -> None:
    assert foreseen(after(after(Sight(), REFUSED), outcome), FRESH, LATE) is None


def test_a_look_that_told_nothing_leaves_a_refusal_as_it_is() -> None:
    assert foreseen(after(after(Sight(), REFUSED), LookAgain("timeout")), FRESH, LATE) == REFUSED


def test_the_look_at_the_deadline_is_made_whatever_is_foreseen() -> None:
    barred = after(Sight(), REFUSED, at=FRESH.expires_at)
    assert foreseen(barred, FRESH, FRESH.expires_at) is None


def test_three_jobs_proven_lost_make_one_look_enough_for_the_next() -> None:
    assert proof_needed(lost(2), LATE) == PROOF
    assert proof_needed(lost(3), LATE) == 1
    assert proof_needed(lost(3), LATE + LOST_FOR) == PROOF


def test_a_job_that_was_missing_is_then_known_to_be_lost_but_not_in_its_first_minute() -> None:
    assert foreseen(lost(3), DOUBTED, LATE) == Missing()
    assert foreseen(lost(3), DOUBTED, LATE - timedelta(seconds=1)) is None


def test_a_job_that_was_never_looked_for_is_looked_for() -> None:
    assert foreseen(lost(3), FRESH, LATE) is None


@pytest.mark.parametrize("outcome", FOUND, ids=str)
def test_one_missing_job_that_comes_back_makes_every_job_need_its_own_proof(outcome: LookOutcome) -> None:
    assert proof_needed(after(lost(3), outcome, watch=DOUBTED), LATE) == PROOF


def test_jobs_that_go_well_do_not_speak_for_the_lost() -> None:
    assert proof_needed(after(lost(3), Working()), LATE) == 1


def test_a_job_missing_in_its_first_minute_is_no_lost_one() -> None:
    young = LATE - timedelta(seconds=1)
    watch = Watch(ROUTED, FRESH.expires_at, missing=PROOF)
    assert isinstance(assess(watch, Missing(), young), KeepWatching)
    assert after(lost(2), Missing(), watch=watch, at=young).lost_at == lost(2).lost_at
