"""A breaker opens on a host that keeps failing, and closes again when it is well."""

import pytest

from services.webhooks.domain.breaker import LATEST, LEAST, REST_SECONDS, WINDOW_SECONDS, Breaker

START = 1000.0


def after(*outcomes: bool, at: float = START) -> Breaker:
    """A breaker that saw these outcomes, all at one time."""
    breaker = Breaker()
    for well in outcomes:
        breaker.began()
        breaker.note(at, well=well)
    return breaker


def open_breaker() -> Breaker:
    return after(*[False] * LEAST)


def test_a_new_one_is_closed() -> None:
    assert Breaker().admits(START)


def test_fewer_than_ten_failures_prove_nothing() -> None:
    assert after(*[False] * (LEAST - 1)).admits(START)


def test_ten_failures_open_it() -> None:
    assert not open_breaker().admits(START)


@pytest.mark.parametrize(("well", "ill", "admits"), [(3, 7, False), (4, 6, True), (30, 70, False), (31, 69, True)])
def test_seven_of_ten_open_it_and_fewer_do_not(well: int, ill: int, admits: bool) -> None:
    assert after(*[True] * well, *[False] * ill).admits(START) is admits


def test_a_success_between_failures_forgets_none_of_them() -> None:
    assert not after(*[False, False, False, True] * 2, False, False).admits(START)


def test_failures_of_more_than_five_minutes_ago_do_not_count() -> None:
    breaker = after(*[False] * (LEAST - 1))
    breaker.note(START + WINDOW_SECONDS + 1, well=False)
    assert breaker.admits(START + WINDOW_SECONDS + 1)


def test_what_it_remembers_is_bounded() -> None:
    assert len(after(*[True] * (LATEST + 50)).outcomes) == LATEST


def test_it_stays_open_for_its_rest() -> None:
    breaker = open_breaker()
    assert not breaker.admits(START + REST_SECONDS - 0.1)
    assert breaker.admits(START + REST_SECONDS)


def test_after_the_rest_one_attempt_is_the_probe() -> None:
    breaker = open_breaker()
    breaker.began()
    assert not breaker.admits(START + REST_SECONDS)


def test_a_probe_that_succeeds_closes_it_with_a_clean_record() -> None:
    breaker = open_breaker()
    breaker.began()
    breaker.note(START + REST_SECONDS, well=True)
    assert breaker.admits(START + REST_SECONDS)
    breaker.note(START + REST_SECONDS, well=False)
    assert breaker.admits(START + REST_SECONDS)


def test_a_probe_that_fails_begins_another_rest() -> None:
    breaker = open_breaker()
    breaker.began()
    breaker.note(START + REST_SECONDS, well=False)
    assert not breaker.admits(START + 2 * REST_SECONDS - 0.1)
    assert breaker.admits(START + 2 * REST_SECONDS)


def test_a_probe_that_tells_nothing_is_followed_by_another() -> None:
    breaker = open_breaker()
    breaker.began()
    breaker.learnt_nothing()
    assert breaker.admits(START + REST_SECONDS)


def test_what_was_under_way_when_it_opened_is_no_probe() -> None:
    breaker = open_breaker()
    breaker.note(START + 10, well=True)
    assert not breaker.admits(START + 10)
