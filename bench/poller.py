"""One poller with ten thousand leases: what a lease weighs, what waiting costs, and how many looks it makes."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import aiohttp

from bench.broker import open_channel, sink, waiting_in
from bench.figures import Figure, compared
from bench.given import announcing, given_sale, handed_over, now
from bench.loads import done_at_once
from bench.processes import Stopwatch, resident_bytes
from bench.progress import Say
from bench.stage import Scene, Stage
from shared.contracts.addressed import Addressed, queue_name
from shared.contracts.job_events import JobRouted
from shared.kernel.ids import new_id

PART: Final = "poller"
LEASES: Final = 10_000
AT_ONCE: Final = 200
WITHIN: Final = 60.0
QUIET_FOR: Final = 3.0
LOOKING_FOR: Final = 8.0
BARE_LOOKS: Final = 4_000
EVERY: Final = 10.0
"""Seconds between two looks at a job that takes long."""
BEGIN_AFTER: Final = 30.0
"""Seconds until the first of the jobs is due, so that all of them can be handed over and waited for."""
BUSY: Final = 0.05
"""Part of a processor above which leases are still being taken up."""
SETTINGS: Final = {"POLL_INITIAL_SECONDS": str(EVERY), "POLL_CAP_SECONDS": str(EVERY)}


def measure(stage: Stage, say: Say) -> Iterator[Figure]:
    """The figures of watching, with a poller alone."""
    with stage.scene(PART, ("provider", PART), SETTINGS) as scene:
        yield from asyncio.run(_measure(scene, say))


async def _measure(scene: Scene, say: Say) -> list[Figure]:
    bare, began = await _bare_look(scene), time.monotonic()
    async with sink(scene.addresses.amqp_url):
        say(f"{LEASES:,} leases for one poller, none of them due yet")
        waiting = await _waiting(scene)
        late = time.monotonic() - began - BEGIN_AFTER
        say(f"each of them due once in {EVERY:g} seconds")
        await asyncio.sleep(EVERY / 2 - late)
        return [*waiting, *await _looking(scene, bare)]


async def _waiting(scene: Scene) -> list[Figure]:
    pid = scene.pids[PART]
    before = resident_bytes(pid)
    await _leased(scene)
    await _quiet(pid)
    taken = resident_bytes(pid) - before
    watch = Stopwatch({PART: pid})
    await asyncio.sleep(QUIET_FOR)
    idle = watch.total([PART]) / QUIET_FOR
    return [
        compared(PART, f"memory of {LEASES:,} leases", taken / 2**20, "MiB", floor=before / 2**20, against="without"),
        Figure(PART, "memory of a lease", taken / LEASES / 1024, "KiB"),
        Figure(PART, "processor while none is due", 100 * idle, "percent"),
    ]


async def _looking(scene: Scene, bare: float) -> list[Figure]:
    watch, looks, began = Stopwatch({PART: scene.pids[PART]}), _looks(scene), time.monotonic()
    await asyncio.sleep(LOOKING_FOR)
    made, seconds = _looks(scene) - looks, time.monotonic() - began
    taken = watch.total([PART])
    return [
        compared(PART, "looks", made / seconds, "a second", floor=LEASES / EVERY, against="what the leases need"),
        compared(PART, "processor time a look", taken / made * 1000, "ms", floor=bare * 1000, against="a bare request"),
        Figure(PART, "processor while looking", 100 * taken / seconds, "percent"),
    ]


async def _quiet(pid: int) -> None:
    """Return when the process has taken up what was handed to it."""
    async with asyncio.timeout(WITHIN):
        while True:
            watch = Stopwatch({PART: pid})
            await asyncio.sleep(1)
            if watch.total([PART]) < BUSY:
                return


async def _leased(scene: Scene) -> None:
    """Route so many jobs to the poller; returns when the broker has handed all of them over.

    Each is first due at a moment of its own within the ``EVERY`` seconds that follow ``BEGIN_AFTER``.
    """
    sale, queue = await given_sale(scene), queue_name(PART)
    first = now() + timedelta(seconds=BEGIN_AFTER - EVERY)
    async with announcing(scene) as announcer, open_channel(scene.addresses.amqp_url) as channel:

        async def route(number: int) -> None:
            at = first + timedelta(seconds=EVERY * number / LEASES)
            await announcer.say(Addressed(JobRouted(**handed_over(sale, new_id(), at)), PART))

        await done_at_once(LEASES, AT_ONCE, route)
        async with asyncio.timeout(WITHIN):
            while await waiting_in(channel, queue):
                await asyncio.sleep(0.1)


async def _bare_look(scene: Scene) -> float:
    """Processor seconds of the same request with nothing of ours around it."""
    url, headers = f"{scene.provider_url}/api/v1/audio/retrieve", {"Authorization": "Bearer sim-bench"}
    body = {"model": "elevenlabs-sound-effects-v2", "queue_id": new_id()}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def look(_: int) -> None:
            async with session.post(url, json=body, headers=headers) as answer:
                await answer.json()

        await done_at_once(AT_ONCE, AT_ONCE, look)
        began = time.process_time()
        await done_at_once(BARE_LOOKS, AT_ONCE, look)
        return (time.process_time() - began) / BARE_LOOKS


def _looks(scene: Scene) -> int:
    """How many looks the provider has seen."""
    with urllib.request.urlopen(f"{scene.provider_url}/looks", timeout=10) as answer:
        return int(json.load(answer)["looks"])
