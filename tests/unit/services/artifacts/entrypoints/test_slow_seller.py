"""A seller whose bodies stall holds its own streams, and nobody else's audio or endings."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from services.artifacts.domain.copies import CopyState
from services.artifacts.entrypoints.subscriptions import subscriptions
from services.artifacts.handlers.streams import OF_ONE_SELLER
from shared.contracts.artifact_events import ArtifactStored
from shared.messaging.memory import MemoryBroker, MemoryBus
from shared.messaging.topology import Queue
from shared.runtime.announcer import Announcer
from shared.runtime.clock import SystemClock
from shared.runtime.subscriptions import subscribe
from tests.kit.ears import Ears
from tests.kit.waiting import happens
from tests.unit.services.artifacts.hand_made import m4a_file, track
from tests.unit.services.artifacts.story import copy, expired, generated, job
from tests.unit.services.artifacts.world import World

SONG = m4a_file(track(b"soun", scale=1000, length=10_000), sound=100)
MANY = 300
AT_ONCE = timedelta()


@dataclass
class Keeper:
    """A process on a bus of its own."""

    world: World
    ears: Ears

    async def order(self, name: str, seller: str) -> None:
        """Have the audio of one job ready at that seller's."""
        self.world.jobs[name] = job(id=name)
        self.world.offer_audio(copy(job_id=name), SONG)
        await self.ears.say(generated(job_id=name).model_copy(update={"seller_id": seller}))

    def stored(self) -> set[str]:
        return {fact.job_id for fact in self.ears.heard if isinstance(fact, ArtifactStored)}


@pytest.fixture
async def keeper() -> AsyncIterator[Keeper]:
    world = World()
    bus = MemoryBus(MemoryBroker(SystemClock()))
    made = Keeper(world, Ears(Announcer(bus.publisher, SystemClock())))
    bus.subscribe(Queue("everybody", ("#",)), made.ears.hear)
    subscribe("artifacts", subscriptions(world.keeping), bus, made.ears.announcer)
    await bus.start()
    yield made
    await bus.drain(AT_ONCE)
    await bus.stop(AT_ONCE)


async def test_a_seller_whose_bodies_stall_holds_up_nobody_else(keeper: Keeper) -> None:
    stalled = [f"slow-{number:04}" for number in range(MANY)]
    forever = asyncio.Event()
    keeper.world.stall(stalled, until=forever)
    for name in stalled:
        await keeper.order(name, "slow seller")
    await happens(lambda: keeper.world.provider.open == OF_ONE_SELLER)
    await keeper.order("other", "other seller")
    await happens(lambda: keeper.stored() == {"other"})
    await keeper.ears.say(expired("other"))
    await happens(lambda: keeper.world.rows["other:0"].copies[1].state is CopyState.DUE)
    assert keeper.world.fetches() == OF_ONE_SELLER + 1
    forever.set()
    await happens(lambda: keeper.stored() == {"other", *stalled})
