"""A process is ready when broker and database answer and its clock is right."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from shared.runtime.readiness import FARTHEST, Readiness, apart
from tests.kit.clocks import HeldClock

SECOND = timedelta(seconds=1)


class World:
    """A process's surroundings: the broker, and a database with a clock of its own."""

    def __init__(self, *, serves: bool = False) -> None:
        self.clock = HeldClock()
        self.consuming = True
        self.answers = True
        self.takes = timedelta(0)
        self.ahead = timedelta(0)
        self.readiness = Readiness(
            consuming=lambda: self.consuming, ask_database=self.ask, clock=self.clock, serves=serves
        )

    async def ask(self) -> datetime | None:
        there = self.clock.now() + self.ahead
        self.clock.move(self.takes)
        return there if self.answers else None


@pytest.fixture
def world() -> World:
    return World()


async def test_with_everything_in_place_nothing_fails(world: World) -> None:
    assert await world.readiness.failing() == []


async def test_what_is_away_is_named(world: World) -> None:
    world.consuming = False
    assert await world.readiness.failing() == ["broker"]
    world.answers = False
    assert await world.readiness.failing() == ["broker", "database"]


async def test_who_serves_callers_waits_for_the_broker_once_and_then_goes_on_without_it() -> None:
    world = World(serves=True)
    world.consuming = False
    assert await world.readiness.failing() == ["broker"]
    world.consuming = True
    assert await world.readiness.failing() == []
    world.consuming = False
    assert await world.readiness.failing() == []
    world.answers = False
    assert await world.readiness.failing() == ["database"]


@pytest.mark.parametrize("ahead", [FARTHEST + SECOND, -FARTHEST - SECOND, timedelta(minutes=10)])
async def test_a_clock_that_is_wrong_fails_and_is_said_once(world: World, ahead: timedelta) -> None:
    world.ahead = ahead
    with capture_logs() as lines:
        assert await world.readiness.failing() == ["clock"]
        assert await world.readiness.failing() == ["clock"]
    assert [(line["log_level"], line["seconds"]) for line in lines] == [("error", abs(ahead).total_seconds())]


async def test_a_clock_that_was_wrong_stays_so_until_the_database_says_otherwise(world: World) -> None:
    world.ahead = 2 * FARTHEST
    await world.readiness.failing()
    world.ahead, world.answers = timedelta(0), False
    assert await world.readiness.failing() == ["clock", "database"]
    world.answers = True
    assert await world.readiness.failing() == []


@pytest.mark.parametrize("ahead", [FARTHEST, -FARTHEST, SECOND])
async def test_a_small_difference_is_nothing(world: World, ahead: timedelta) -> None:
    world.ahead = ahead
    assert await world.readiness.failing() == []


async def test_an_answer_that_took_long_says_nothing_against_the_clock(world: World) -> None:
    world.takes = 2 * FARTHEST
    assert await world.readiness.failing() == []


def test_another_clock_is_measured_against_the_nearer_of_our_two_instants() -> None:
    asked_at = HeldClock().now()
    answered_at = asked_at + SECOND
    between = {"asked_at": asked_at, "answered_at": answered_at}
    assert apart(asked_at + SECOND / 2, **between) == timedelta(0)
    assert apart(asked_at - SECOND, **between) == SECOND
    assert apart(answered_at + 2 * SECOND, **between) == 2 * SECOND


async def test_it_is_looked_at_once_an_hour_when_nobody_asks(world: World) -> None:
    world.ahead = 2 * FARTHEST
    assert world.readiness.ticker.every == timedelta(hours=1)
    with capture_logs() as lines:
        await world.readiness.ticker.work()
    assert len(lines) == 1
