"""A seller that answers nothing holds some of a router's places, and never all of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from services.router.domain.restraint import MOST_UNANSWERED
from services.router.entrypoints.subscriptions import AT_ONCE, subscriptions
from services.router.entrypoints.usher import Usher
from shared.contracts.job_events import AttemptFailed, JobRouted
from shared.messaging.memory import MemoryBroker, MemoryBus
from shared.messaging.topology import Queue
from shared.runtime.announcer import Announcer
from shared.runtime.clock import SystemClock
from shared.runtime.subscriptions import subscribe
from tests.kit.ears import Ears
from tests.kit.waiting import eventually, happens
from tests.unit.services.router.market import AT, created, failed, job, offer
from tests.unit.services.router.probing import SilentProvider
from tests.unit.services.router.world import World


@dataclass
class Router:
    """A router on a bus of its own, in a world where one offer is silent."""

    world: World
    ears: Ears

    async def order(self, *names: str) -> None:
        for name in names:
            self.world.jobs.put(job(name))
            await self.ears.say(created(name))

    def routed(self, offer_id: str) -> list[str]:
        return [said.job_id for said in self.ears.heard if isinstance(said, JobRouted) and said.offer_id == offer_id]

    async def states(self, job_id: str) -> list[str]:
        return [state for _, _, state in await self.world.history(job_id)]


@pytest.fixture
def provider() -> SilentProvider:
    return SilentProvider()


@pytest.fixture
async def router(world: World, provider: SilentProvider) -> AsyncIterator[Router]:
    world.provider = provider
    world.routing = world.another_process()
    bus = MemoryBus(MemoryBroker(SystemClock()))
    made = Router(world, Ears(Announcer(bus.publisher, SystemClock())))
    bus.subscribe(Queue("everybody", ("#",)), made.ears.hear)
    subscribe("router", subscriptions(world.routing, made.ears.announcer), bus, made.ears.announcer)
    await bus.start()
    yield made
    provider.answer.set()
    await bus.drain(AT - AT)
    await bus.stop(AT - AT)


async def test_a_burst_to_a_silent_seller_leaves_room_for_other_jobs_failures_and_endings(
    router: Router, provider: SilentProvider
) -> None:
    await router.world.open(offer("silent", 5_000, max_concurrent=10_000), offer("sound", 9_000, max_concurrent=10_000))
    names = [f"{number:04}" for number in range(2 * AT_ONCE)]
    await router.order(*names)
    await happens(lambda: len(router.routed("sound")) == len(names) - MOST_UNANSWERED)
    assert provider.unanswered == MOST_UNANSWERED
    broken, ended = router.routed("sound")[:2]
    await router.ears.say(
        AttemptFailed(job_id=broken, kind="music", attempt=1, offer_id="sound", code="provider_error", message="?"),
        failed(ended),
    )
    for name in (broken, ended):
        await eventually(lambda name=name: _ended(router, name))
    provider.answer.set()
    await happens(lambda: len(router.routed("silent")) == MOST_UNANSWERED)


async def _ended(router: Router, name: str) -> bool:
    return await router.states(name) == ["failed"]


async def test_jobs_that_only_a_silent_seller_would_take_wait_and_hold_no_place(
    router: Router, provider: SilentProvider
) -> None:
    await router.world.open(offer("silent", 5_000, max_concurrent=10_000))
    names = [f"{number:04}" for number in range(2 * AT_ONCE)]
    await router.order(*names)
    await happens(lambda: sum(name in router.world.routing.waiting for name in names) == len(names) - MOST_UNANSWERED)
    assert provider.unanswered == MOST_UNANSWERED
    usher = Usher(router.world.routing, router.world)
    router.world.clock.move(timedelta(seconds=2))
    usher.look()
    await happens(lambda: not usher.under_way)
    assert provider.unanswered == MOST_UNANSWERED
