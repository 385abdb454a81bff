"""Who may be sent to now."""

from services.webhooks.domain.answer import Health
from services.webhooks.domain.breaker import LEAST, REST_SECONDS, WINDOW_SECONDS
from services.webhooks.domain.receivers import PLACES, PLACES_OF_A_HOST, Receivers

START = 1000.0


def sent(receivers: Receivers, host: str, health: Health, times: int = 1, at: float = START) -> None:
    for _ in range(times):
        assert receivers.admit(host, at)
        receivers.leave(host, health, at)


def filled(receivers: Receivers, host: str) -> None:
    for _ in range(PLACES_OF_A_HOST):
        assert receivers.admit(host, START)


def test_a_host_takes_four_at_once_and_a_fifth_when_one_has_left() -> None:
    receivers = Receivers()
    filled(receivers, "slow")
    assert not receivers.admit("slow", START)
    assert receivers.closed(START) == ["slow"]
    receivers.leave("slow", Health.WELL, START)
    assert receivers.closed(START) == []
    assert receivers.admit("slow", START)


def test_a_full_host_takes_nothing_from_others() -> None:
    receivers = Receivers()
    filled(receivers, "slow")
    assert receivers.admit("quick", START)


def test_once_half_the_places_are_taken_a_host_gets_one() -> None:
    receivers = Receivers()
    for number in range(PLACES // 2 // PLACES_OF_A_HOST):
        filled(receivers, str(number))
    assert receivers.admit("first", START)
    assert not receivers.admit("first", START)
    assert "first" in receivers.closed(START)


def test_when_every_place_is_taken_nobody_is_admitted() -> None:
    receivers = Receivers()
    for number in range(PLACES):
        assert not receivers.full
        assert receivers.admit(str(number), START)
    assert receivers.full
    assert not receivers.admit("another", START)
    receivers.leave("0", Health.WELL, START)
    assert receivers.admit("another", START)


def test_a_host_that_keeps_failing_is_closed_until_its_rest_is_over() -> None:
    receivers = Receivers()
    sent(receivers, "dead", Health.ILL, LEAST)
    sent(receivers, "quick", Health.WELL)
    assert receivers.closed(START) == ["dead"]
    assert not receivers.admit("dead", START)
    assert receivers.closed(START + REST_SECONDS) == []


def test_after_the_rest_one_is_admitted_until_it_has_told() -> None:
    receivers = Receivers()
    sent(receivers, "dead", Health.ILL, LEAST)
    later = START + REST_SECONDS
    assert receivers.admit("dead", later)
    assert receivers.closed(later) == ["dead"]
    assert not receivers.admit("dead", later)
    receivers.leave("dead", Health.WELL, later)
    filled(receivers, "dead")


def test_what_tells_nothing_neither_opens_a_host_nor_closes_it() -> None:
    receivers = Receivers()
    sent(receivers, "dead", Health.UNKNOWN, 3 * LEAST)
    assert receivers.closed(START) == []
    sent(receivers, "dead", Health.ILL, LEAST)
    later = START + REST_SECONDS
    sent(receivers, "dead", Health.UNKNOWN, at=later)
    assert receivers.admit("dead", later)


def test_a_host_that_was_long_silent_is_forgotten() -> None:
    receivers = Receivers()
    sent(receivers, "dead", Health.ILL, LEAST)
    sent(receivers, "quick", Health.WELL, at=START + WINDOW_SECONDS + 1)
    sent(receivers, "dead", Health.ILL, LEAST - 1, at=START + WINDOW_SECONDS + 1)
    assert receivers.closed(START + WINDOW_SECONDS + 1) == []


def test_thousands_of_hosts_that_failed_once_leave_nothing_behind() -> None:
    receivers = Receivers()
    for number in range(5000):
        sent(receivers, str(number), Health.ILL, at=START + number)
    assert len(receivers._breakers) <= WINDOW_SECONDS + 1
