"""Two hundred receivers: how long an ending is on its way, and whether those that hang delay the others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bench.broker import sink
from bench.figures import Figure, compared
from bench.given import Sale, announcing, given_ended, given_sale, running_job
from bench.loads import quantile
from bench.processes import Stopwatch
from bench.progress import Say
from bench.receivers import Receivers
from bench.stage import Scene, Stage
from services.api.domain.ending import ending_of
from shared.contracts.records.job import JobRecord
from shared.kernel.ids import new_id
from shared.runtime.announcer import Announcer

PART: Final = "webhooks"
RECEIVERS: Final = 200
EACH: Final = 3
"""Endings for each receiver, so that those that hang could fill every place there is."""
PACE: Final = 75
"""Endings a second."""
ROUNDS: Final = 2
WARMING: Final = 20
WITHIN: Final = 60.0


def measure(stage: Stage, say: Say) -> Iterator[Figure]:
    """The figures of telling, with webhooks alone."""
    with stage.scene(PART, ("webhooks",)) as scene:
        yield from asyncio.run(_measure(scene, say))


@dataclass(frozen=True, slots=True)
class Telling:
    """Who says endings, who buys, and who is to hear of it."""

    announcer: Announcer
    sale: Sale
    receivers: Receivers
    scene: Scene


async def _measure(scene: Scene, say: Say) -> list[Figure]:
    receivers = Receivers([f"127.1.0.{number}" for number in range(1, RECEIVERS + 1)])
    well = receivers.hosts[::2]
    async with sink(scene.addresses.amqp_url), receivers.listening(), announcing(scene) as announcer:
        telling = Telling(announcer, await given_sale(scene), receivers, scene)
        await _waits(telling, receivers.hosts[:WARMING], receivers.hosts)
        usual: list[float] = []
        beset: list[float] = []
        taken = 0.0
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}: {EACH * RECEIVERS} endings for {RECEIVERS} receivers; then half hang")
            watch = Stopwatch({PART: scene.pids[PART]})
            usual += await _waits(telling, [*receivers.hosts] * EACH, well)
            taken += watch.total([PART]) / (EACH * RECEIVERS * ROUNDS)
            receivers.hanging = frozenset(receivers.hosts) - frozenset(well)
            beset += await _waits(telling, [*receivers.hosts] * EACH, well)
            receivers.hanging = frozenset()
    return [
        *_spread("all well", usual, usual),
        *_spread("half of them hang", beset, usual),
        Figure(PART, "processor time a delivery", taken * 1000, "ms"),
    ]


def _spread(when: str, waits: Sequence[float], usual: Sequence[float]) -> list[Figure]:
    return [
        compared(
            PART,
            f"{when}: {percent} of 100 heard within",
            quantile(waits, percent / 100) * 1000,
            "ms",
            floor=quantile(usual, percent / 100) * 1000,
            against="all well",
        )
        for percent in (50, 99)
    ]


async def _waits(telling: Telling, hosts: Sequence[str], well: Sequence[str]) -> list[float]:
    """Say one ending for each of ``hosts``; the seconds until those that are ``well`` heard of theirs."""
    sold = running_job(telling.sale, seconds=2)
    jobs = [replace(sold, id=new_id(), webhook_url=telling.receivers.url(host)) for host in hosts]
    stored = await given_ended(telling.scene, telling.sale, jobs)
    said = await _said(telling, stored)
    mine = {telling.receivers.url(host) for host in well}
    awaited = [job.id for job in stored if job.webhook_url in mine]
    await telling.receivers.hear_of(awaited, within=WITHIN)
    return [telling.receivers.heard_at[job] - said[job] for job in awaited]


async def _said(telling: Telling, jobs: Sequence[JobRecord]) -> Mapping[str, float]:
    """Say the endings at an even pace; when each was said."""
    began, said = time.monotonic(), {}
    for number, job in enumerate(jobs):
        await asyncio.sleep(max(0.0, began + number / PACE - time.monotonic()))
        said[job.id] = time.monotonic()
        await telling.announcer.say(ending_of(job))
    return said
