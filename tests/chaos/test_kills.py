"""Every service is killed at work, and later asked to go; then the broker loses its life, and its queues.

One wave of jobs goes with each of these.  They follow each other without waiting for what a dead
process has left behind, because some of that is taken up only after a minute and a half.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pytest

from deploy.local.services import SERVICES
from tests.chaos.promises import assert_all_promises
from tests.chaos.wave import AT_THE_PROVIDER_SECONDS, Sea, Wave
from tests.e2e.stack import forget_queues
from tests.integration.messaging.mortal_broker import MortalBroker

pytestmark = pytest.mark.chaos

A_WAVE = 60
STOPS_WITHIN_SECONDS = 25.0
ENDS_WITHIN_SECONDS = 180.0
SLOWLY_SECONDS = 15.0


class Aftermath:
    """The waves, by what was done to each; and how long each service took to stop when asked."""

    def __init__(self) -> None:
        self.waves: dict[str, Wave] = {}
        self.stopped_after: dict[str, float] = {}


async def _in_the_middle(wave: Wave, service: str) -> None:
    """Wait until that service has its hands full with the wave."""
    moments: dict[str, Callable[[], Awaitable[None]]] = {
        "api": lambda: wave.accepted(A_WAVE // 3),
        "router": lambda: wave.reaches(5, "submitted", "running"),
        "poller": lambda: wave.reaches(A_WAVE // 2, "submitted", "running"),
        "artifacts": lambda: wave.reaches(3, "succeeded"),
        "webhooks": lambda: wave.reaches(10, "succeeded"),
    }
    await moments[service]()


@pytest.fixture(scope="module")
async def aftermath(sea: Sea, broker: MortalBroker) -> Aftermath:
    stack, after = sea.market.stack, Aftermath()
    for service in SERVICES:
        wave = after.waves[f"{service} killed"] = await sea.wave(A_WAVE)
        await _in_the_middle(wave, service)
        await stack.kill(service)
        await stack.up()
    for service in SERVICES:
        wave = after.waves[f"{service} stopped"] = await sea.wave(A_WAVE // 2)
        await wave.reaches(5, "submitted", "running")
        began = time.monotonic()
        await stack.stop(service, within=60)
        after.stopped_after[service] = time.monotonic() - began
        await stack.up()
    wave = after.waves["broker killed"] = await sea.wave(A_WAVE)
    await wave.reaches(A_WAVE // 3, "submitted", "running")
    broker.kill()
    broker.revive()
    for wave in after.waves.values():
        await wave.ends(within=ENDS_WITHIN_SECONDS)
    await _lose_queues(sea, broker, after)
    return after


async def _lose_queues(sea: Sea, broker: MortalBroker, after: Aftermath) -> None:
    """Only while every job is being watched: what is lost between two services is missed for five minutes."""
    await sea.market.provider.renders_in(SLOWLY_SECONDS)
    wave = after.waves["queues lost"] = await sea.wave(A_WAVE)
    await wave.reaches(A_WAVE, "running")
    await sea.market.provider.renders_in(AT_THE_PROVIDER_SECONDS)
    await forget_queues(broker.url)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_killed_service_that_is_started_again_loses_no_job(aftermath: Aftermath, service: str) -> None:
    await assert_all_promises(aftermath.waves[f"{service} killed"], within=ENDS_WITHIN_SECONDS)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_that_is_asked_to_stop_does_so_in_time_and_loses_nothing(
    aftermath: Aftermath, service: str
) -> None:
    assert aftermath.stopped_after[service] < STOPS_WITHIN_SECONDS
    wave = aftermath.waves[f"{service} stopped"]
    await assert_all_promises(wave, within=ENDS_WITHIN_SECONDS)
    assert set((await wave.submitted()).values()) == {1}, "nothing is unknown after an orderly end"


async def test_a_broker_that_is_killed_and_started_again_loses_no_job(aftermath: Aftermath) -> None:
    await assert_all_promises(aftermath.waves["broker killed"], within=ENDS_WITHIN_SECONDS)


async def test_a_broker_that_lost_every_queue_loses_no_job(aftermath: Aftermath) -> None:
    await assert_all_promises(aftermath.waves["queues lost"], within=ENDS_WITHIN_SECONDS)
