"""A provider that keeps silent delays nobody else's looks."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from services.poller.handlers.slots import OF_ONE_KEY, OF_ONE_SELLER, Slots
from tests.kit.waiting import others_run


async def held(slots: Slots, stack: AsyncExitStack, seller: str, key: str, many: int) -> None:
    """Hold so many slots of one key until the stack is closed."""
    for _ in range(many):
        await stack.enter_async_context(slots.slot(seller, key))


async def is_free(slots: Slots, seller: str, key: str) -> bool:
    """Whether a look there need not wait: it has its slot before anything else can happen."""
    look = asyncio.create_task(_brief(slots, seller, key))
    await others_run(10)
    free = look.done()
    look.cancel()
    return free


async def _brief(slots: Slots, seller: str, key: str) -> None:
    async with slots.slot(seller, key):
        pass


async def test_a_key_full_of_looks_under_way_keeps_only_its_own_waiting() -> None:
    slots = Slots()
    async with AsyncExitStack() as stack:
        await held(slots, stack, "silent", "key", OF_ONE_KEY)
        assert not await is_free(slots, "silent", "key")
        assert await is_free(slots, "silent", "another key")
        assert await is_free(slots, "other", "other key")
    assert await is_free(slots, "silent", "key")


async def test_a_seller_with_many_silent_keys_keeps_only_its_own_waiting() -> None:
    slots = Slots()
    async with AsyncExitStack() as stack:
        for number in range(OF_ONE_SELLER // OF_ONE_KEY):
            await held(slots, stack, "silent", f"key {number}", OF_ONE_KEY)
        assert not await is_free(slots, "silent", "one more key")
        assert await is_free(slots, "other", "other key")


async def test_those_who_wait_at_one_key_hold_nothing_that_others_need() -> None:
    slots = Slots()
    async with AsyncExitStack() as stack:
        await held(slots, stack, "silent", "key", OF_ONE_KEY)
        waiting = [asyncio.create_task(_brief(slots, "silent", "key")) for _ in range(500)]
        await others_run()
        assert await is_free(slots, "silent", "another key")
        assert await is_free(slots, "other", "other key")
    await asyncio.gather(*waiting)
