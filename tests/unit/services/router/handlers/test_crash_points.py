"""Wherever a router dies, another brings the job to its end: nothing lost, nothing sent twice, nothing left held."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from services.router.domain.closing import counted
from services.router.domain.ending import End, How
from services.router.handlers.decide_again import decide_again
from services.router.handlers.end_attempts import end_attempts, hear_ending
from services.router.handlers.keep_book import load_book
from services.router.handlers.route_job import route_job
from services.router.handlers.routing import Routing
from services.router.handlers.sweep import LEFT_OVER, sweep_reservations
from services.router.ports import INTENT_LIVES
from shared.contracts.event import Event
from shared.contracts.job_events import AttemptFailed, JobRouted, JobUnroutable
from shared.contracts.records.attempt import OPEN
from shared.kernel.errors import Transient
from shared.kernel.money import ZERO
from shared.providers.outcomes import Faulty, Pause, Refused, SubmitOutcome, Unknown
from tests.kit.crashes import Died, Fate
from tests.unit.services.router.crashing import doomed
from tests.unit.services.router.market import AT, created, failed, job, offer
from tests.unit.services.router.world import World

FULL = Refused("full", Pause.BACKOFF, 503)
LOST = AttemptFailed(job_id="job", kind="music", attempt=1, offer_id="a", code="provider_error", message="it broke")
SECOND = timedelta(seconds=1)


async def route(routing: Routing) -> Sequence[Event]:
    return await route_job(created(), routing=routing)


async def fail(routing: Routing) -> Sequence[Event]:
    return await decide_again(LOST, routing=routing)


@dataclass(frozen=True)
class Story:
    """A message, what the provider answers while it is handled, and what was handled before."""

    name: str
    act: Callable[[Routing], Awaitable[Sequence[Event]]]
    answers: tuple[SubmitOutcome | None, ...] = ()
    begun: bool = False
    canceled: bool = False


STORIES = (
    Story("accepted", route),
    Story("refused and accepted", route, (FULL, None)),
    Story("unknown and accepted", route, (Unknown("reset"), None)),
    Story("held back and accepted", route, (Refused("held", Pause.THROTTLED, None, SECOND), None)),
    Story("faulty", route, (Faulty("content_policy", "no"),)),
    Story("canceled", route, canceled=True),
    Story("failed and accepted", fail, begun=True),
    Story("failed and refused", fail, (FULL, None), begun=True),
)
MOST_CALLS = 24


async def begin(story: Story) -> World:
    world = World()
    await world.open(offer("a", 6_000), offer("b", 7_000), offer("c", 8_000), offer("d", 8_500))
    world.jobs.put(job())
    if story.begun:
        await route(world.routing)
    if story.canceled:
        world.jobs.put(job(cancel_requested_at=AT))
    world.answers(*story.answers)
    return world


async def recover(world: World, story: Story) -> list[Event]:
    """Deliver the message again to another process until it is answered for, sweeping meanwhile."""
    survivor = world.another_process()
    await load_book(routing=survivor)
    said: list[Event] = []
    for _ in range(3):
        try:
            said += await story.act(survivor)
        except Transient:
            world.pass_by(INTENT_LIVES / 2)
    world.pass_by(INTENT_LIVES + SECOND)
    await world.sweep(by=survivor)
    return said + [each for each in world.said if isinstance(each, Event)]


async def check(world: World, said: list[Event]) -> None:
    history = await world.attempts.of_job("job")
    decided = [each for each in said if isinstance(each, JobRouted | JobUnroutable)]
    assert decided, "somebody is told what became of the job"
    if isinstance(decided[-1], JobRouted):
        assert history[-1].provider_job_id == decided[-1].provider_job_id
    asked = world.taken()
    assert len(set(asked)) == len(asked), "no offer takes the job twice"
    assert sum(attempt.state.value == "unknown" for attempt in history) <= 2
    assert set(asked) <= {attempt.offer_id for attempt in history} | {"a"}, "every submit is on record"
    assert sum(attempt.state in OPEN for attempt in history) <= 1
    await end_attempts(End("job", How.FAILED, "over"), routing=world.routing)
    world.pass_by(LEFT_OVER + SECOND)
    await sweep_reservations(routing=world.routing, announcer=world)
    for name in "abcd":
        standing = await world.standings.find(name)
        unknown = [counted(each) for each in await world.attempts.of_job("job") if each.offer_id == name]
        assert standing.in_flight == 0
        assert standing.spent == sum(unknown, start=ZERO)
    assert await world.standings.reservations(timedelta(0)) == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, MOST_CALLS + 1))
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_a_router_may_die_at_any_call(story: Story, call: int, after: bool) -> None:
    world, fate = await begin(story), Fate(call, after)
    said: list[Event] = []
    try:
        said += await story.act(doomed(world.routing, fate))
    except Died:
        said.clear()
    assert len(fate.calls) <= MOST_CALLS
    await check(world, said + await recover(world, story))


async def test_the_matrix_reaches_every_call_of_every_story() -> None:
    longest = 0
    for story in STORIES:
        world, fate = await begin(story), Fate()
        await story.act(doomed(world.routing, fate))
        longest = max(longest, len(fate.calls))
    assert 0 < longest <= MOST_CALLS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 10))
async def test_a_router_may_die_at_any_call_of_an_ending(call: int, after: bool) -> None:
    world = await begin(STORIES[0])
    await route(world.routing)
    ending = failed()
    with suppress(Died):
        await hear_ending(ending, routing=doomed(world.routing, Fate(call, after)))
    await hear_ending(ending, routing=world.another_process())
    assert await world.history() == [(1, "a", "failed")]
    standing = await world.standing("a")
    assert (standing.in_flight, standing.spent) == (0, ZERO)
