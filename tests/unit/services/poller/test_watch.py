"""What looks mean, one after another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.poller.domain.watch import RARELY, Generated, GiveUp, KeepWatching, Watch, assess
from shared.providers.outcomes import Barred, Broken, Failed, LookAgain, LookOutcome, Missing, Ready, Working
from shared.providers.refusals import Prospect

ROUTED = datetime(2026, 5, 1, 12, tzinfo=UTC)
EXPIRES = ROUTED + timedelta(minutes=15)
LATE_ENOUGH = ROUTED + timedelta(seconds=60)


def watched(*outcomes: LookOutcome, at: datetime = LATE_ENOUGH) -> list[object]:
    """The verdicts on several looks, each made at ``at``, until the watch ends."""
    watch, verdicts = Watch(ROUTED, EXPIRES), []
    for outcome in outcomes:
        verdict = assess(watch, outcome, at)
        verdicts.append(verdict)
        if not isinstance(verdict, KeepWatching):
            break
        watch = verdict.watch
    return verdicts


def test_audio_ends_the_watch() -> None:
    assert watched(Working(), Ready("audio/mpeg"))[-1] == Generated("audio/mpeg")


def test_audio_at_the_deadline_still_counts() -> None:
    assert watched(Ready("audio/mpeg"), at=EXPIRES) == [Generated("audio/mpeg")]


def test_the_look_at_the_deadline_is_the_last() -> None:
    assert watched(Working(), at=EXPIRES) == [GiveUp("expired", "the provider had not finished in time")]


def test_a_refusal_of_the_request_ends_it_at_once() -> None:
    refused = Failed("content_policy", "no", "try kindness")
    assert watched(refused) == [GiveUp("content_policy", "no", "try kindness")]


@pytest.mark.parametrize("outcome", [Missing(), Broken("out of memory")])
def test_two_bad_looks_running_prove_nothing(outcome: LookOutcome) -> None:
    assert isinstance(watched(outcome, outcome)[-1], KeepWatching)


@pytest.mark.parametrize("outcome", [Missing(), Broken("out of memory")])
def test_three_bad_looks_running_end_it(outcome: LookOutcome) -> None:
    last = watched(outcome, outcome, outcome)[-1]
    assert isinstance(last, GiveUp)
    assert last.code == "provider_error"


@pytest.mark.parametrize("outcome", [Missing(), Broken("out of memory")])
def test_a_good_look_between_bad_ones_starts_the_count_again(outcome: LookOutcome) -> None:
    assert isinstance(watched(outcome, outcome, Working(), outcome, outcome)[-1], KeepWatching)


def test_what_is_out_of_reach_is_given_up_with_the_providers_words() -> None:
    refused = Barred("the provider did not accept the key")
    assert watched(refused, refused, refused)[-1] == GiveUp("provider_error", "the provider did not accept the key")


def test_a_job_that_is_missing_in_its_first_minute_is_looked_for_again() -> None:
    young = LATE_ENOUGH - timedelta(seconds=1)
    assert isinstance(watched(Missing(), Missing(), Missing(), at=young)[-1], KeepWatching)


def test_until_missing_counts_a_job_is_looked_for_rarely() -> None:
    (first,) = watched(Missing(), at=ROUTED + timedelta(seconds=2))
    assert first == KeepWatching(Watch(ROUTED, EXPIRES, missing=1), RARELY)
    (later,) = watched(Missing(), at=ROUTED + timedelta(seconds=50))
    assert later == KeepWatching(Watch(ROUTED, EXPIRES, missing=1), timedelta(seconds=10))


def test_where_less_proof_is_needed_one_look_ends_it_but_not_in_the_first_minute() -> None:
    watch = Watch(ROUTED, EXPIRES)
    assert isinstance(assess(watch, Missing(), LATE_ENOUGH, proof=1), GiveUp)
    assert isinstance(assess(watch, Missing(), LATE_ENOUGH - timedelta(seconds=1), proof=1), KeepWatching)


@pytest.mark.parametrize(
    ("asked", "left", "waited"),
    [(5, 600, 5), (32_400, 600, 60), (60, 50, 25)],
)
def test_no_provider_puts_all_looks_but_the_last_off(asked: int, left: int, waited: int) -> None:
    (verdict,) = watched(LookAgain("busy", timedelta(seconds=asked)), at=EXPIRES - timedelta(seconds=left))
    assert verdict == KeepWatching(Watch(ROUTED, EXPIRES), timedelta(seconds=waited))


def test_what_is_expected_of_the_next_look_is_what_the_last_ones_found() -> None:
    watch = Watch(ROUTED, EXPIRES)
    assert watch.prospect is Prospect.UNSEEN
    assert replace(watch, seen=True).prospect is Prospect.SEEN
    assert replace(watch, seen=True, broken=1).prospect is Prospect.UNSEEN
    assert replace(watch, seen=True, missing=1).prospect is Prospect.DOUBTFUL


def test_a_look_that_told_nothing_leaves_the_counts_alone() -> None:
    verdicts = watched(Missing(), Missing(), LookAgain("timeout", timedelta(seconds=7)), Missing())
    assert verdicts[2] == KeepWatching(Watch(ROUTED, EXPIRES, missing=2), timedelta(seconds=7))
    assert isinstance(verdicts[3], GiveUp)
