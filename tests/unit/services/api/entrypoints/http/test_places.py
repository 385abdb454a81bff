"""Requests that stay open: bounded, and ended when the process stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.api.entrypoints.http.places import Places
from services.api.entrypoints.http.refusals import Stopping, TooBusy, TooManyOpen
from tests.kit.waiting import others_run


async def forever() -> None:
    await asyncio.Event().wait()


async def numbers(*, endless: bool = False) -> AsyncIterator[int]:
    yield 1
    yield 2
    if endless:
        await forever()


def test_there_is_room_for_so_many_of_each_sort() -> None:
    places = Places(1, 1)
    streams = places.taken("streams", "b")
    with places.taken("streams", "a"), places.taken("downloads", "a"), pytest.raises(TooBusy), streams:
        pass
    with places.taken("streams", "b"):
        pass


def test_nobody_takes_all_the_places() -> None:
    places = Places(3, 2)
    with places.taken("streams", "a"), places.taken("streams", "a"):
        with pytest.raises(TooManyOpen), places.taken("streams", "a"):
            pass
        with places.taken("streams", "b"), places.taken("waits", "a"):
            pass
    with places.taken("streams", "a"):
        pass


async def test_work_that_ends_gives_its_result() -> None:
    async def work() -> int:
        return 5

    assert await Places(1, 1).until_closed(work()) == 5


async def test_work_that_fails_fails() -> None:
    async def work() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await Places(1, 1).until_closed(work())


async def test_a_process_that_stops_waits_for_nobody() -> None:
    places = Places(1, 1)
    waiting = asyncio.create_task(places.until_closed(forever()))
    await others_run()
    places.close()
    with pytest.raises(Stopping):
        await asyncio.wait_for(waiting, 5)


async def test_items_come_one_by_one_until_they_end() -> None:
    assert [item async for item in Places(1, 1).each(numbers())] == [1, 2]


async def test_items_end_when_the_process_stops() -> None:
    places, seen = Places(1, 1), []
    with pytest.raises(Stopping):
        async for item in places.each(numbers(endless=True)):
            seen.append(item)
            if item == 2:
                places.close()
    assert seen == [1, 2]
