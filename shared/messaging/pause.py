"""Waiting that ends early when there is a reason."""

import asyncio


async def pause(seconds: float, unless: asyncio.Event) -> None:
    """Return after that many seconds, or as soon as ``unless`` is set."""
    try:
        async with asyncio.timeout(seconds):
            await unless.wait()
    except TimeoutError:
        return


async def either(one: asyncio.Event, other: asyncio.Event) -> None:
    """Return as soon as one of the two is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
