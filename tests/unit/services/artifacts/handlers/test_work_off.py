"""What is due is worked off several at a time, and what fails takes nothing else down with it."""

import asyncio

import pytest

from services.artifacts.handlers.work_off import work_off
from shared.kernel.errors import Transient
from tests.kit.waiting import happens, others_run


class Due:
    """Numbers that are due, and what became of them."""

    def __init__(self, count: int) -> None:
        self.left = list(range(count))
        self.taken: list[int] = []
        self.done: list[int] = []
        self.failing: set[int] = set()
        self.taking_fails_at: int | None = None
        self.others_may_end = asyncio.Event()

    async def take(self) -> int | None:
        if len(self.taken) == self.taking_fails_at:
            self.others_may_end.set()
            raise Transient("no database")
        if not self.left:
            return None
        self.taken.append(self.left.pop(0))
        return self.taken[-1]

    async def work(self, number: int) -> None:
        if number in self.failing:
            self.others_may_end.set()
            raise Transient(f"{number} failed")
        if self.failing or self.taking_fails_at is not None:
            await self.others_may_end.wait()
            await others_run()
        self.done.append(number)


async def test_everything_that_is_due_is_done() -> None:
    due = Due(50)
    await work_off(due.take, due.work, at_once=4)
    assert sorted(due.done) == list(range(50))


async def test_a_failure_lets_what_was_taken_end_and_takes_nothing_more() -> None:
    due = Due(50)
    due.failing = {3}
    with pytest.raises(Transient, match="3 failed"):
        await work_off(due.take, due.work, at_once=4)
    assert due.taken == [0, 1, 2, 3]
    assert sorted(due.done) == [0, 1, 2]


async def test_what_was_taken_ends_even_if_nothing_more_can_be_taken() -> None:
    due = Due(50)
    due.taking_fails_at = 3
    with pytest.raises(Transient, match="no database"):
        await work_off(due.take, due.work, at_once=4)
    assert sorted(due.done) == [0, 1, 2]


async def test_being_cancelled_ends_what_is_under_way() -> None:
    due = Due(2)
    due.failing = {99}
    working = asyncio.create_task(work_off(due.take, due.work, at_once=4))
    await happens(lambda: len(due.taken) == 2, every=0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert due.done == []
