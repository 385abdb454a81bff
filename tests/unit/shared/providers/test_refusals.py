"""Who waits after which refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.providers.refusals import MOST, PATIENCE, WITHIN, Prospect, Refusal, closed_for, noted

SHUT_OUT_AFTER = 20
"""Refusals in thirty seconds that Venice still lets pass."""


def refused(times: int, status: int, prospect: Prospect, *, before: tuple[Refusal, ...] = ()) -> tuple[Refusal, ...]:
    """So many refusals at second 0."""
    for _ in range(times):
        before = noted(before, status, prospect, 0.0)
    return before


def waits(refusals: tuple[Refusal, ...], prospect: Prospect, *, outstanding: int = 0, now: float = 0.0) -> float:
    return closed_for(refusals, outstanding, prospect, now)


def test_a_router_a_poller_and_an_artifacts_process_together_do_not_have_the_key_shut_out() -> None:
    assert MOST + MOST + PATIENCE[Prospect.FINISHED] <= SHUT_OUT_AFTER


@pytest.mark.parametrize("prospect", Prospect)
def test_each_request_waits_once_its_own_kind_was_refused_too_often(prospect: Prospect) -> None:
    limit = PATIENCE[prospect]
    assert waits(refused(limit - 1, 404, prospect), prospect) == 0.0
    assert waits(refused(limit, 404, prospect), prospect, now=4.0) == WITHIN - 4.0
    assert waits(refused(limit, 404, prospect), prospect, now=WITHIN) == 0.0


@pytest.mark.parametrize("status", [400, 422])
def test_faults_of_requests_close_a_key_later_than_trouble_does(status: int) -> None:
    assert waits(refused(PATIENCE[Prospect.ORDERED], status, Prospect.ORDERED), Prospect.ORDERED) == 0.0
    assert waits(refused(MOST - 1, status, Prospect.ORDERED), Prospect.ORDERED) == 0.0
    assert waits(refused(MOST, status, Prospect.ORDERED), Prospect.ORDERED) == WITHIN


def test_jobs_that_were_seen_are_looked_at_whatever_was_refused_to_others() -> None:
    doubtful = refused(PATIENCE[Prospect.DOUBTFUL], 404, Prospect.DOUBTFUL)
    both = refused(PATIENCE[Prospect.UNSEEN], 404, Prospect.UNSEEN, before=doubtful)
    assert waits(both, Prospect.DOUBTFUL) > 0
    assert waits(both, Prospect.UNSEEN) > 0
    assert waits(both, Prospect.SEEN) == 0.0


def test_jobs_in_doubt_do_not_keep_a_new_one_waiting() -> None:
    assert waits(refused(PATIENCE[Prospect.DOUBTFUL], 404, Prospect.DOUBTFUL), Prospect.UNSEEN) == 0.0


def test_what_is_unanswered_counts_as_refused_once_something_was() -> None:
    assert waits((), Prospect.SEEN, outstanding=100) == 0.0
    once = refused(1, 404, Prospect.UNSEEN)
    assert waits(once, Prospect.SEEN, outstanding=PATIENCE[Prospect.SEEN] - 2) == 0.0
    assert waits(once, Prospect.SEEN, outstanding=PATIENCE[Prospect.SEEN] - 1) > 0.0


def test_a_look_in_doubt_has_its_turn_on_a_busy_key_too() -> None:
    once = refused(1, 404, Prospect.DOUBTFUL)
    assert waits(once, Prospect.DOUBTFUL, outstanding=MOST - 2) == 0.0
    assert waits(once, Prospect.DOUBTFUL, outstanding=MOST - 1) > 0.0


def test_a_success_is_no_refusal() -> None:
    assert noted((), 200, Prospect.UNSEEN, 0.0) == ()


@given(st.lists(st.tuples(st.floats(0, 10), st.sampled_from([400, 401, 404, 422, 500]), st.sampled_from(Prospect))))
def test_one_process_never_brings_a_key_more_refusals_than_its_share(
    story: list[tuple[float, int, Prospect]],
) -> None:
    refusals: tuple[Refusal, ...] = ()
    now, came = 0.0, []
    for passed, status, prospect in story:
        now += passed
        if closed_for(refusals, 0, prospect, now) == 0.0:
            refusals = noted(refusals, status, prospect, now)
            came.append(now)
    assert all(later - earlier >= WITHIN for earlier, later in zip(came, came[MOST:], strict=False))
