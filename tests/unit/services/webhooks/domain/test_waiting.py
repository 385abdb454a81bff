"""Who waits for a place at a host."""

from services.webhooks.domain.delivery import Due
from services.webhooks.domain.waiting import KNOWN_OF_A_HOST, Waiting

ONE, TWO, OTHER = Due("1", "a.example"), Due("2", "a.example"), Due("3", "b.example")


def waiting(*those: Due) -> Waiting:
    line = Waiting()
    for due in those:
        line.add(due)
    return line


def test_each_host_has_its_own_line_first_come_first_served() -> None:
    line = waiting(ONE, OTHER, TWO)
    assert [line.next_of("a.example") for _ in range(3)] == [ONE, TWO, None]
    assert line.next_of("b.example") == OTHER


def test_who_waits_for_one_host_can_be_forgotten() -> None:
    line = waiting(ONE, TWO, OTHER)
    line.forget("a.example", "unknown.example")
    assert line.next_of("a.example") is None
    assert line.next_of("b.example") == OTHER


def test_a_line_is_only_so_long() -> None:
    line = waiting(*(Due(str(number), "a.example") for number in range(KNOWN_OF_A_HOST + 50)))
    assert sum(1 for _ in range(KNOWN_OF_A_HOST + 50) if line.next_of("a.example")) == KNOWN_OF_A_HOST


def test_everybody_can_be_forgotten() -> None:
    line = waiting(ONE, OTHER)
    line.forget_all()
    assert line.next_of("a.example") is None
    assert line.next_of("b.example") is None
