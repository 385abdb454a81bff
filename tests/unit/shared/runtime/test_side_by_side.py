"""Parts of a process begin in order and end together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.runtime.side_by_side import side_by_side


class Parts:
    """Parts that write down what happens to them."""

    def __init__(self) -> None:
        self.story: list[str] = []

    @asynccontextmanager
    async def part(self, name: str, *, meets: asyncio.Barrier | None = None) -> AsyncIterator[None]:
        self.story.append(f"{name} begins")
        yield
        if meets is not None:
            async with asyncio.timeout(5):
                await meets.wait()
        self.story.append(f"{name} ends")

    @asynccontextmanager
    async def failing(self, name: str, *, at_the_end: bool) -> AsyncIterator[None]:
        if not at_the_end:
            raise ValueError(name)
        yield
        raise ValueError(name)


@pytest.fixture
def parts() -> Parts:
    return Parts()


async def test_every_part_is_told_to_end_before_any_of_them_has_ended(parts: Parts) -> None:
    all_told = asyncio.Barrier(3)
    async with side_by_side(*(parts.part(name, meets=all_told) for name in "abc")):
        assert parts.story == ["a begins", "b begins", "c begins"]
    assert sorted(parts.story[3:]) == ["a ends", "b ends", "c ends"]


async def test_a_part_that_cannot_begin_ends_those_that_have(parts: Parts) -> None:
    with pytest.raises(ValueError, match="b"):
        async with side_by_side(parts.part("a"), parts.failing("b", at_the_end=False), parts.part("c")):
            pytest.fail("nothing works without b")
    assert parts.story == ["a begins", "a ends"]


async def test_a_part_that_fails_at_its_end_keeps_nobody_from_ending(parts: Parts) -> None:
    with pytest.raises(ValueError, match="a"):
        async with side_by_side(parts.failing("a", at_the_end=True), parts.part("b")):
            pass
    assert parts.story == ["b begins", "b ends"]
