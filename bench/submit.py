"""One busy buyer: how fast orders are taken, and whether money is exact when they come all at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from statistics import median
from typing import Final

from bench.broker import sink
from bench.buyers import Answer, Trade, open_trade
from bench.figures import Figure, compared
from bench.floor import Round, open_floor
from bench.loads import done_at_once, quantile
from bench.mix import mix_of
from bench.processes import Stopwatch
from bench.progress import Say
from bench.stage import Scene, Stage
from bench.tally import tallied

PART: Final = "submit"
AT_ONCE: Final = 64
ORDERS: Final = 300
ROUNDS: Final = 3
COUNTED: Final = 64
HALF: Final = 400
PLENTY: Final = 1_000_000_000


def measure(stage: Stage, say: Say) -> Iterator[Figure]:
    """The figures of submitting, with api alone."""
    with stage.scene(PART, ("provider", "api")) as scene:
        yield from asyncio.run(_measure(scene, say))


async def _measure(scene: Scene, say: Say) -> list[Figure]:
    async with sink(scene.addresses.amqp_url), open_trade(scene) as trade:
        await trade.offers(3, scene.provider_url)
        return [*await _pace(trade, scene, say), *await _exactness(trade, say)]


async def _pace(trade: Trade, scene: Scene, say: Say) -> list[Figure]:
    say(f"counting what an order asks of database and broker ({COUNTED} orders)")
    async with tallied(scene) as tally:
        await _orders(trade, COUNTED, PLENTY)
        await asyncio.sleep(1)  # the last letters are still under way
    mix = mix_of(tally, COUNTED)
    rounds: list[Round] = []
    floors: list[Round] = []
    waits: list[float] = []
    async with open_floor(scene, mix) as floor:
        await floor.round(AT_ONCE, AT_ONCE)
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}: {ORDERS} orders of one buyer, {AT_ONCE} at once; then the floor")
            answers, taken = await _round(trade, scene)
            waits += [answer.seconds for answer in answers]
            rounds.append(taken)
            floors.append(await floor.round(ORDERS, AT_ONCE))
    pace, bare = median(each.pace for each in rounds), median(each.pace for each in floors)
    processor, least = median(each.processor for each in rounds), median(each.processor for each in floors)
    return [
        Figure(PART, "database commands an order", mix.writes + mix.reads, "count"),
        Figure(PART, "of them writes, and publishes", mix.writes + mix.published, "count"),
        compared(PART, f"orders of one buyer, {AT_ONCE} at once", pace, "a second", floor=bare, against="floor"),
        compared(PART, "processor time an order", processor * 1000, "ms", floor=least * 1000, against="floor"),
        Figure(PART, "of that in api", median(each.clients / each.jobs for each in rounds) * 1000, "ms"),
        Figure(PART, "half of the orders answered within", quantile(waits, 0.5) * 1000, "ms"),
        Figure(PART, "99 of 100 answered within", quantile(waits, 0.99) * 1000, "ms"),
    ]


async def _round(trade: Trade, scene: Scene) -> tuple[Sequence[Answer], Round]:
    watch = Stopwatch({name: scene.pids[name] for name in ("api", "mongod", "rabbitmq")})
    answers, seconds = await _orders(trade, ORDERS, PLENTY)
    return answers, Round(ORDERS, seconds, watch.total(("mongod", "rabbitmq")), watch.total(("api",)))


async def _orders(trade: Trade, number: int, micros: int) -> tuple[Sequence[Answer], float]:
    """Orders of one new buyer, all of which are taken, and the seconds they took together."""
    buyer = await trade.buyer(micros)
    began = asyncio.get_running_loop().time()
    answers = await done_at_once(number, AT_ONCE, lambda _: trade.order(buyer))
    statuses = Counter(answer.status for answer in answers)
    if set(statuses) != {HTTPStatus.ACCEPTED}:
        raise RuntimeError(f"not all orders were taken: {dict(statuses)}")
    return answers, asyncio.get_running_loop().time() - began


async def _exactness(trade: Trade, say: Say) -> list[Figure]:
    say(f"{2 * HALF} orders on a balance for {HALF}")
    price = int((await _orders(trade, 1, PLENTY))[0][0].body["max_cost_usdc"])
    buyer = await trade.buyer(HALF * price + price - 1)
    answers = await done_at_once(2 * HALF, AT_ONCE, lambda _: trade.order(buyer))
    statuses = Counter(answer.status for answer in answers)
    account = await trade.market.get("/v1/buyer/me", key=buyer.key)
    astray = abs(int(account["available_usdc"]) - (price - 1)) + abs(int(account["held_usdc"]) - HALF * price)
    taken, refused = statuses[HTTPStatus.ACCEPTED], statuses[HTTPStatus.PAYMENT_REQUIRED]
    waits = [answer.seconds for answer in answers]
    what = f"orders taken of {2 * HALF} on a balance for {HALF}"
    return [
        compared(PART, what, taken, "count", floor=HALF, against="expected"),
        Figure(PART, "answered with neither 202 nor 402", 2 * HALF - taken - refused, "count"),
        Figure(PART, "balance astray", astray, "micro-USDC"),
        Figure(PART, "99 of 100 of these answered within", quantile(waits, 0.99) * 1000, "ms"),
    ]
