"""One poller with ten thousand leases: what a lease weighs, what waiting costs, and how many looks it makes."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Iterator
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
QUIET_FOR: Final = 5.0
STEADY_AFTER: Final = 16.0
"""Seconds after which a job is looked at as seldom as its schedule ever gets."""
LOOKING_FOR: Final = 10.0
BARE_LOOKS: Final = 4_000
EVERY: Final = 10.0
"""Seconds between two looks at a job then."""
BUSY: Final = 0.05
"""Part of a processor above which leases are still being taken up."""
WAITING: Final = {"POLL_INITIAL_SECONDS": "100", "POLL_CAP_SECONDS": "100"}
"""Nothing is due while we look."""


def measure(stage: Stage, say: Say) -> Iterator[Figure]:
    """The figures of watching, with a poller alone."""
    with stage.scene("waiting", ("provider", "poller"), WAITING) as scene:
        yield from asyncio.run(_waiting(scene, say))
    with stage.scene("looking", ("provider", "poller")) as scene:
        yield from asyncio.run(_looking(scene, say))


async def _waiting(scene: Scene, say: Say) -> list[Figure]:
    say(f"{LEASES:,} leases for one poller, none of them due")
    pid = scene.pids["poller"]
    before = resident_bytes(pid)
    async with sink(scene.addresses.amqp_url):
        await _leased(scene)
        await _quiet(pid)
        taken = resident_bytes(pid) - before
        watch = Stopwatch({"poller": pid})
        await asyncio.sleep(QUIET_FOR)
        idle = watch.total(["poller"]) / QUIET_FOR
    return [
        compared(PART, f"memory of {LEASES:,} leases", taken / 2**20, "MiB", floor=before / 2**20, against="without"),
        Figure(PART, "memory of a lease", taken / LEASES / 1024, "KiB"),
        Figure(PART, "processor while none is due", 100 * idle, "percent"),
    ]


async def _looking(scene: Scene, say: Say) -> list[Figure]:
    say(f"{LEASES:,} leases on the schedule of music")
    bare = await _bare_look(scene)
    async with sink(scene.addresses.amqp_url):
        await _leased(scene)
        await asyncio.sleep(STEADY_AFTER)
        watch, looks, began = Stopwatch({"poller": scene.pids["poller"]}), _looks(scene), time.monotonic()
        await asyncio.sleep(LOOKING_FOR)
        made, seconds = _looks(scene) - looks, time.monotonic() - began
        taken = watch.total(["poller"])
    return [
        compared(PART, "looks", made / seconds, "a second", floor=LEASES / EVERY, against="what the leases need"),
        compared(PART, "processor time a look", taken / made * 1000, "ms", floor=bare * 1000, against="a bare request"),
        Figure(PART, "processor while looking", 100 * taken / seconds, "percent"),
    ]


async def _leased(scene: Scene) -> None:
    """Route so many jobs to the poller; returns when the broker has handed all of them over."""
    sale, at, queue = await given_sale(scene), now(), queue_name("poller")
    async with announcing(scene) as announcer, open_channel(scene.addresses.amqp_url) as channel:

        async def route(_: int) -> None:
            await announcer.say(Addressed(JobRouted(**handed_over(sale, new_id(), at)), "poller"))

        await done_at_once(LEASES, AT_ONCE, route)
        async with asyncio.timeout(WITHIN):
            while await waiting_in(channel, queue):
                await asyncio.sleep(0.1)


async def _quiet(pid: int) -> None:
    """Return when the process has taken up what was handed to it."""
    async with asyncio.timeout(WITHIN):
        while True:
            watch = Stopwatch({"it": pid})
            await asyncio.sleep(1)
            if watch.total(["it"]) < BUSY:
                return


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
