"""The whole way of a job, through five processes and a provider: how many a second, and what each costs."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from bench.buyers import Trade, open_trade
from bench.figures import Figure, compared
from bench.floor import SERVERS, Round, open_floor
from bench.loads import done_at_once, quantile
from bench.mix import Mix, mix_of
from bench.processes import Stopwatch
from bench.progress import Say
from bench.receivers import Receivers
from bench.stage import Scene, Stage
from bench.tally import commands_so_far, tallied
from deploy.demo.market import Party
from deploy.local.services import SERVICES

PART: Final = "market"
JOBS: Final = 80
ROUNDS: Final = 3
COUNTED: Final = 40
AT_ONCE: Final = 32
OFFERS: Final = 5
PLENTY: Final = 1_000_000_000
WITHIN: Final = 60.0
SETTINGS: Final = {"POLL_INITIAL_SECONDS": "0.2", "POLL_CAP_SECONDS": "1"}
AFTERMATH: Final = 2.0
"""Seconds for what follows an ending: the delivery is concluded, the provider's copy forgotten."""


def measure(stage: Stage, say: Say) -> Iterator[Figure]:
    """The figures of whole jobs."""
    with stage.scene(PART, ("simulator", *SERVICES), SETTINGS) as scene:
        yield from asyncio.run(_measure(scene, say))


@dataclass(frozen=True, slots=True)
class Shop:
    """Who orders, and who is told."""

    trade: Trade
    buyer: Party
    receivers: Receivers
    scene: Scene


@dataclass(frozen=True, slots=True)
class Sold:
    """One round of jobs, with the processor seconds of every process."""

    round: Round
    processes: Mapping[str, float]
    waits: Sequence[float]
    """Seconds from each order to its webhook."""
    commands: int
    """That the database was sent meanwhile."""
    messages: float
    """That the services say they handled meanwhile."""


async def _measure(scene: Scene, say: Say) -> list[Figure]:
    receivers = Receivers(["127.0.0.1"])
    async with open_trade(scene) as trade, receivers.listening():
        await trade.offers(OFFERS, scene.simulator_url)
        shop = Shop(trade, await trade.buyer(PLENTY), receivers, scene)
        say(f"counting what a job asks of database and broker ({COUNTED} jobs)")
        async with tallied(scene) as tally:
            jobs = await _ended(shop, COUNTED)
            await asyncio.sleep(AFTERMATH)
        mix = mix_of(tally, COUNTED, body_bytes=await _stored_bytes(shop, jobs[0].id))
        return [*_counts(mix), *await _rounds(shop, mix, say)]


async def _rounds(shop: Shop, mix: Mix, say: Say) -> list[Figure]:
    sold: list[Sold] = []
    floors: list[Round] = []
    async with open_floor(shop.scene, mix) as floor:
        await floor.round(AT_ONCE, AT_ONCE)
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}: {JOBS} jobs through the market; then the floor")
            sold.append(await _sold(shop))
            floors.append(await floor.round(JOBS, AT_ONCE))
    return [
        Figure(
            PART, "database commands a job, sweeps included", median(each.commands / JOBS for each in sold), "count"
        ),
        Figure(PART, "messages handled a job", median(each.messages / JOBS for each in sold), "count"),
        *_compared(sold, floors),
        *_by_process(sold),
    ]


def _counts(mix: Mix) -> list[Figure]:
    return [
        Figure(PART, "database writes a job", mix.writes, "count"),
        Figure(PART, "database reads a job", mix.reads, "count"),
        Figure(PART, "facts published a job", mix.published, "count"),
        Figure(PART, "deliveries of them a job", mix.delivered, "count"),
        Figure(PART, "audio stored a job", mix.body_bytes / 1024, "KiB"),
    ]


def _compared(sold: Sequence[Sold], floors: Sequence[Round]) -> list[Figure]:
    pace, bare = median(each.round.pace for each in sold), median(each.pace for each in floors)
    taken, least = median(each.round.processor for each in sold), median(each.processor for each in floors)
    servers, stores = median(each.round.servers / JOBS for each in sold), median(e.servers / JOBS for e in floors)
    waits = [wait for each in sold for wait in each.waits]
    return [
        compared(PART, "jobs", pace, "a second", floor=bare, against="floor"),
        compared(PART, "processor time a job", taken * 1000, "ms", floor=least * 1000, against="floor"),
        compared(PART, "of that in the servers", servers * 1000, "ms", floor=stores * 1000, against="floor"),
        Figure(PART, "half of the jobs heard of within", quantile(waits, 0.5), "s"),
        Figure(PART, "99 of 100 heard of within", quantile(waits, 0.99), "s"),
    ]


def _by_process(sold: Sequence[Sold]) -> list[Figure]:
    """What each process took of the processor; the simulator's share is no cost of the market."""
    names = (*SERVICES, *SERVERS, "simulator")
    taken = {name: median(each.processes[name] / JOBS for each in sold) for name in names}
    ours = sum(taken.values()) - taken["simulator"]
    return [
        compared(PART, f"processor time a job in {name}", taken[name] * 1000, "ms", floor=ours * 1000, against="all")
        for name in names
    ]


@dataclass(frozen=True, slots=True)
class Heard:
    """A job with the moments at which it was ordered and heard of."""

    id: str
    ordered_at: float
    heard_at: float


async def _sold(shop: Shop) -> Sold:
    scene = shop.scene
    commands, messages = await commands_so_far(scene), _messages(scene)
    watch = Stopwatch({name: scene.pids[name] for name in (*SERVICES, *SERVERS, "simulator")})
    began = asyncio.get_running_loop().time()
    jobs = await _ended(shop, JOBS)
    seconds = asyncio.get_running_loop().time() - began
    await asyncio.sleep(AFTERMATH)
    taken = watch.seconds()
    servers, services = sum(taken[name] for name in SERVERS), sum(taken[name] for name in SERVICES)
    return Sold(
        round=Round(JOBS, seconds, servers, services),
        processes=taken,
        waits=[job.heard_at - job.ordered_at for job in jobs],
        commands=await commands_so_far(scene) - commands,
        messages=_messages(scene) - messages,
    )


async def _ended(shop: Shop, number: int) -> list[Heard]:
    """Order so many jobs; returns when each has succeeded and its buyer was told."""
    url = shop.receivers.url(shop.receivers.hosts[0])
    clock = asyncio.get_running_loop().time
    ordered: dict[str, float] = {}

    async def order(_: int) -> None:
        began = clock()
        answer = await shop.trade.order(shop.buyer, url)
        if answer.status != HTTPStatus.ACCEPTED:
            raise RuntimeError(f"an order was answered with {answer.status}: {answer.body}")
        ordered[str(answer.body["id"])] = began

    await done_at_once(number, AT_ONCE, order)
    await shop.receivers.hear_of(list(ordered), within=WITHIN)
    return [Heard(job, at, shop.receivers.heard_at[job]) for job, at in ordered.items()]


async def _stored_bytes(shop: Shop, job_id: str) -> int:
    """How large the audio of a job is; raises when the job has none."""
    job = await shop.trade.market.get(f"/v1/music/generations/{job_id}", key=shop.buyer.key)
    return int(job["results"][0]["bytes"])


def _messages(scene: Scene) -> float:
    """How many messages the services say that they have answered."""
    total = 0.0
    for service in SERVICES:
        with urllib.request.urlopen(f"{scene.admin_urls[service]}/metrics", timeout=10) as answer:
            for family in text_string_to_metric_families(answer.read().decode()):
                total += sum(sample.value for sample in family.samples if sample.name == "busker_messages_total")
    return total
