"""What tests of slow and of probed offers begin with: providers that take their time, a pause that is over."""

import asyncio
from datetime import timedelta

from shared.market.models import Model
from shared.market.parameters import Parameters
from shared.providers.memory import MemoryProvider
from shared.providers.outcomes import Pause, Refused, SubmitOutcome
from shared.providers.provider import Access
from tests.unit.services.router.market import offer
from tests.unit.services.router.world import World

SECOND = timedelta(seconds=1)
FULL = Refused("full", Pause.BACKOFF, 503)


class SlowProvider(MemoryProvider):
    """Says when it is asked, and answers when it is told to."""

    def __init__(self, provider: MemoryProvider) -> None:
        super().__init__()
        self.asked_now, self.answer = asyncio.Event(), asyncio.Event()
        self._provider = provider

    async def submit(self, access: Access, model: Model, parameters: Parameters) -> SubmitOutcome:
        self.asked_now.set()
        await self.answer.wait()
        return await self._provider.submit(access, model, parameters)


class SilentProvider(MemoryProvider):
    """Answers no submit at the offer ``silent`` until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_now, self.answer = asyncio.Event(), asyncio.Event()
        self.unanswered = 0

    async def submit(self, access: Access, model: Model, parameters: Parameters) -> SubmitOutcome:
        if "//silent." in access.base_url:
            self.asked_now.set()
            self.unanswered += 1
            await self.answer.wait()
            self.unanswered -= 1
        return await super().submit(access, model, parameters)


async def backed_off(world: World) -> None:
    """The cheap offer has just come out of its pause."""
    await world.open(offer("cheap", 6_000), offer("dear", 9_000))
    world.answers(FULL)
    await world.route("unlucky")
    world.pass_by(10 * SECOND)
