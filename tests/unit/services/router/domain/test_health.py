"""Passive health: what happened at an offer decides who is sent there next."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.router.domain.health import (
    FIRST_BACKOFF,
    LONGEST_BACKOFF,
    LONGEST_THROTTLE,
    SHORTEST_THROTTLE,
    SPREAD,
    TRUSTED_UNTIL,
    UNTOLD_THROTTLE,
    accepted,
    answered,
    delivered,
    failed,
    is_probe,
    refused,
    reopened,
)
from shared.market.standings import Health, Standing
from shared.providers.outcomes import Faulty, Pause, Refused, Submitted, Unknown
from tests.unit.services.router.market import AT

SECOND = timedelta(seconds=1)
HEALTHY = Standing("offer", in_flight=3)
PAUSED = replace(HEALTHY, health=Health.PAUSED, reason="full", until=AT + 10 * SECOND, failures=2)
HELD = replace(PAUSED, until=AT + 55 * SECOND, used_at=AT - 5 * SECOND)
"""By the probe that was sent five seconds ago."""
SHUT = replace(HEALTHY, health=Health.SHUT, reason="bad key")


def middle() -> float:
    return 0.5


def fail(standing: Standing, *, sent_under: datetime | None = None) -> Standing:
    return failed(standing, "broke", sent_under=sent_under, at=AT, random=middle)


def refuse(
    standing: Standing, pause: Pause, retry_after: timedelta | None = None, *, sent_under: datetime | None = None
) -> Standing:
    refusal = Refused("no", pause, 429, retry_after)
    return refused(standing, refusal, sent_under=sent_under, at=AT, random=middle)


def accept(standing: Standing, *, sent_under: datetime | None) -> Standing:
    return accepted(standing, sent_under=sent_under, at=AT)


def test_a_failure_pauses_an_offer_and_counts() -> None:
    after = fail(HEALTHY)
    assert after == replace(HEALTHY, health=Health.PAUSED, reason="broke", until=AT + FIRST_BACKOFF, failures=1)


def test_each_failure_pauses_twice_as_long_as_the_one_before_up_to_a_limit() -> None:
    standing, waits = HEALTHY, []
    for _ in range(12):
        standing = replace(fail(standing), health=Health.HEALTHY)
        assert standing.until is not None
        waits.append(standing.until - AT)
    assert waits[:4] == [FIRST_BACKOFF * factor for factor in (1, 2, 4, 8)]
    assert waits[-1] == LONGEST_BACKOFF
    assert waits == sorted(waits)


@pytest.mark.parametrize("random", [0.0, 0.25, 0.999])
def test_pauses_are_spread_so_that_offers_do_not_come_back_together(random: float) -> None:
    until = failed(HEALTHY, "broke", sent_under=None, at=AT, random=lambda: random).until
    assert until is not None
    assert abs((until - AT) / FIRST_BACKOFF - 1) <= SPREAD + 1e-6


def test_jobs_sent_before_a_pause_say_nothing_new_when_they_fail_in_it() -> None:
    assert fail(PAUSED) is PAUSED


def test_a_probe_that_fails_pauses_for_longer() -> None:
    after = fail(HELD, sent_under=HELD.until)
    assert (after.failures, after.until) == (3, AT + FIRST_BACKOFF * 4)


def test_a_job_of_an_earlier_pause_says_nothing_new_when_it_fails_in_the_next() -> None:
    assert fail(PAUSED, sent_under=AT - SECOND) is PAUSED
    assert refuse(PAUSED, Pause.BACKOFF, sent_under=AT - SECOND) is PAUSED


def test_a_probe_that_is_throttled_closes_the_offer_for_as_long_as_the_provider_says() -> None:
    after = refuse(HELD, Pause.THROTTLED, 2 * SECOND, sent_under=HELD.until)
    assert (after.until, after.failures) == (AT + 2 * SECOND, HELD.failures)


def test_a_refused_key_shuts_the_offer_until_its_seller_acts() -> None:
    after = refuse(PAUSED, Pause.KEY)
    assert (after.health, after.reason, after.until) == (Health.SHUT, "no", None)
    assert not after.open_at(AT + timedelta(days=365))


@pytest.mark.parametrize("pause", [Pause.THROTTLED, Pause.BACKOFF])
def test_a_shut_offer_stays_shut_whatever_else_happens(pause: Pause) -> None:
    assert refuse(SHUT, pause, 5 * SECOND) is SHUT
    assert fail(SHUT, sent_under=AT) is SHUT
    assert delivered(SHUT, at=AT) is SHUT
    assert accept(SHUT, sent_under=AT) is SHUT


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        (None, UNTOLD_THROTTLE),
        (timedelta(0), UNTOLD_THROTTLE),
        (SECOND / 10, SHORTEST_THROTTLE),
        (30 * SECOND, 30 * SECOND),
        (timedelta(days=1), LONGEST_THROTTLE),
    ],
)
def test_a_throttle_pauses_as_long_as_the_provider_says_within_limits(told: timedelta | None, waits: timedelta) -> None:
    after = refuse(HEALTHY, Pause.THROTTLED, told)
    assert after == replace(HEALTHY, health=Health.PAUSED, reason="no", until=AT + waits)


def test_a_throttle_never_shortens_a_pause() -> None:
    assert refuse(PAUSED, Pause.THROTTLED, 5 * SECOND) is PAUSED
    longer = refuse(PAUSED, Pause.THROTTLED, 20 * SECOND)
    assert (longer.until, longer.failures) == (AT + 20 * SECOND, 2)


def test_a_provider_at_capacity_is_not_asked_sooner_than_it_says() -> None:
    assert refuse(HEALTHY, Pause.BACKOFF, 60 * SECOND).until == AT + 60 * SECOND
    assert refuse(HEALTHY, Pause.BACKOFF).until == AT + FIRST_BACKOFF


def test_after_a_pause_for_failures_the_next_job_is_a_probe() -> None:
    assert is_probe(PAUSED, AT + 10 * SECOND)
    assert not is_probe(PAUSED, AT)
    assert not is_probe(replace(PAUSED, failures=0), AT + 10 * SECOND)
    assert not is_probe(HEALTHY, AT)


def test_an_accepted_probe_opens_the_offer_but_failures_are_remembered() -> None:
    after = accept(HELD, sent_under=HELD.until)
    assert after == replace(HELD, health=Health.HEALTHY, reason=None, until=None)
    assert after.failures == 2


def test_after_many_failures_being_accepted_proves_nothing() -> None:
    many = replace(HELD, failures=TRUSTED_UNTIL)
    assert accept(many, sent_under=HELD.until) is many
    assert delivered(many, at=AT).health is Health.HEALTHY


def test_a_job_sent_before_the_pause_does_not_end_it_when_it_is_accepted() -> None:
    assert accept(PAUSED, sent_under=None) is PAUSED
    assert accept(PAUSED, sent_under=AT - SECOND) is PAUSED


def test_a_newer_pause_that_is_over_too_hinders_no_accepted_probe() -> None:
    over = replace(PAUSED, until=AT)
    assert accept(over, sent_under=AT - SECOND).health is Health.HEALTHY


def test_audio_forgets_every_failure() -> None:
    assert delivered(PAUSED, at=AT + 10 * SECOND) == replace(HEALTHY, health=Health.HEALTHY)
    assert delivered(replace(HEALTHY, failures=1), at=AT) == HEALTHY
    assert delivered(HEALTHY, at=AT) is HEALTHY


def test_audio_does_not_end_a_throttle() -> None:
    throttled = replace(PAUSED, failures=0)
    assert delivered(throttled, at=AT) is throttled


def test_audio_of_an_earlier_job_ends_no_pause_that_is_not_over() -> None:
    assert delivered(PAUSED, at=AT) == replace(PAUSED, failures=0)


def test_audio_proves_the_offer_whoever_probes_it_meanwhile() -> None:
    assert delivered(HELD, at=AT) == replace(HEALTHY, used_at=HELD.used_at)


def test_a_changed_offer_is_opened_if_it_was_shut() -> None:
    assert reopened(SHUT) == HEALTHY
    assert reopened(PAUSED) is PAUSED


def test_each_answer_to_a_submit_has_its_rule() -> None:
    def after(outcome: Submitted | Refused | Unknown | Faulty) -> Standing:
        return answered(HELD, outcome=outcome, sent_under=HELD.until, at=AT, random=middle)

    assert after(Submitted("theirs")) == accept(HELD, sent_under=HELD.until)
    assert after(Refused("no", Pause.KEY)) == refuse(HELD, Pause.KEY)
    assert after(Unknown("broke")) == fail(HELD, sent_under=HELD.until)
    assert after(Faulty("content_policy", "no")) is HELD
