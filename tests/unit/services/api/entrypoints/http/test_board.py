"""The pages of the markets."""

from __future__ import annotations

from datetime import timedelta

from services.api.entrypoints.http.board import Board, Lines
from tests.kit.clocks import StoppedClock


def test_the_board_is_made_once_a_second_however_many_look() -> None:
    clock, made = StoppedClock(), 0

    def make() -> Lines:
        nonlocal made
        made += 1
        return [{"made": made}]

    board = Board(clock)
    assert [board.lines("", make) for _ in range(100)] == [[{"made": 1}]] * 100
    clock.move(timedelta(seconds=0.9))
    assert board.lines("", make) == [{"made": 1}]
    clock.move(timedelta(seconds=0.1))
    assert board.lines("", make) == [{"made": 2}]


def test_each_page_has_lines_of_its_own() -> None:
    board = Board(StoppedClock())
    assert board.lines("a", lambda: [{"of": "a"}]) == [{"of": "a"}]
    assert board.lines("b", lambda: [{"of": "b"}]) == [{"of": "b"}]
    assert board.lines("a", lambda: []) == [{"of": "a"}]
