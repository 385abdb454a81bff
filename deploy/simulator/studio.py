"""Where orders become audio: one at a time, beside the event loop, each different order once."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from deploy.simulator.orders import Order

SHELF_BYTES: Final = 256 * 2**20
"""Finished audio beyond this is dropped, least recently asked for first, and rendered again when wanted."""

Render = Callable[[Order], bytes]


class Studio:
    """Renders on a thread of its own; numpy and the encoder let go of the interpreter while they work.

    Whoever opens a studio closes it.
    """

    def __init__(self, render: Render, *, shelf_bytes: int = SHELF_BYTES) -> None:
        self._render = render
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="studio", initializer=_step_back)
        self._shelf: OrderedDict[bytes, bytes] = OrderedDict()
        self._shelf_bytes = shelf_bytes
        self._held = 0
        self._under_way: dict[bytes, asyncio.Future[bytes]] = {}

    def begin(self, order: Order) -> asyncio.Future[bytes]:
        """Start on an order unless it is finished or under way; asking again is free."""
        digest = order.digest
        if (audio := self._shelf.get(digest)) is not None:
            self._shelf.move_to_end(digest)
            done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            done.set_result(audio)
            return done
        if (rendering := self._under_way.get(digest)) is None:
            rendering = asyncio.get_running_loop().run_in_executor(self._threads, self._render, order)
            rendering.add_done_callback(lambda finished: self._put_away(digest, finished))
            self._under_way[digest] = rendering
        return rendering

    async def audio(self, order: Order, *, patience: float) -> bytes | None:
        """The order's audio, or None when it takes longer than ``patience`` seconds from now."""
        rendering = self.begin(order)
        await asyncio.wait([rendering], timeout=patience)
        return rendering.result() if rendering.done() else None

    async def close(self) -> None:
        """Drop what waits and let the rendering under way finish."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    def _put_away(self, digest: bytes, finished: asyncio.Future[bytes]) -> None:
        del self._under_way[digest]
        if finished.cancelled() or finished.exception() is not None:
            return
        self._shelf[digest] = finished.result()
        self._held += len(finished.result())
        while self._held > self._shelf_bytes and len(self._shelf) > 1:
            _, dropped = self._shelf.popitem(last=False)
            self._held -= len(dropped)


def _step_back() -> None:
    """Let everything else on the machine go first (Linux gives each thread a priority of its own)."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
