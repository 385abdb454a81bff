"""A network that breaks again and again in the middle of everything."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.messaging.failures import PublishFailed
from shared.messaging.message import Message, Received
from tests.contract.messaging.handlers import Listener, fact
from tests.contract.messaging.observed import Observed
from tests.contract.messaging.worlds import World
from tests.kit.waiting import happens

pytestmark = pytest.mark.servers

MESSAGES = 300
CUTS = 8


async def test_every_message_gets_its_answer_though_the_connections_keep_breaking(
    world: World, observed: Observed
) -> None:
    chance = random.Random(1)
    at_once: dict[str, int] = {}
    most_at_once: set[int] = set()

    async def answer(received: Received) -> Sequence[Message]:
        at_once[received.event_id] = at_once.get(received.event_id, 0) + 1
        most_at_once.add(at_once[received.event_id])
        await asyncio.sleep(chance.random() * 0.3)
        at_once[received.event_id] -= 1
        return [fact("told", received.event_id)]

    asked, told = world.queue("asked", delivery_limit=100), Listener()
    working, listening = await world.bus(observed), await world.bus()
    working.subscribe(asked, answer)
    listening.subscribe(world.queue("told", delivery_limit=100), told)
    await listening.start()
    await working.start()

    async def ask(event_id: str) -> None:
        while True:
            try:
                return await listening.publisher.publish(fact("asked", event_id), within=timedelta(seconds=2))
            except PublishFailed:
                continue

    async def cut() -> None:
        for _ in range(CUTS):
            await asyncio.sleep(0.2)
            await world.sever(working)
            await world.sever(listening)
            await happens(lambda: working.healthy and listening.healthy, within=15)

    await asyncio.gather(cut(), *(ask(str(n)) for n in range(MESSAGES)))
    await told.heard.until(lambda heard: answered(heard) >= MESSAGES, within=30)
    assert most_at_once == {1}
    # No message is left unanswered for, or it would take up room that these need.
    await asyncio.gather(*(ask(f"afterwards {n}") for n in range(3 * asked.prefetch)))
    await told.heard.until(lambda heard: answered(heard) == MESSAGES + 3 * asked.prefetch)
    assert await working.dead_letters(asked).oldest() == []


def answered(heard: Sequence[Received]) -> int:
    return len({received.event_id for received in heard})
