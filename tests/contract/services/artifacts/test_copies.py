"""What every record of the providers' copies promises: which are due, and for how long they are asked for."""

import asyncio
from datetime import timedelta

from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.copies import Copy
from services.artifacts.ports import Claim, Forgetting, Over
from tests.contract.services.artifacts.worlds import World
from tests.unit.services.artifacts.story import AUDIO, copy

LEASE = timedelta(seconds=300)
WAIT = timedelta(seconds=5)
SECOND = timedelta(seconds=1)
BAD = Unfit(Reason.NOT_AUDIO, "a web page")


async def claim(world: World, attempt: int = 1) -> Claim:
    claimed = await world.outputs.claim(copy(attempt), lease=LEASE)
    assert isinstance(claimed, Claim)
    return claimed


async def due(world: World) -> list[Copy]:
    forgetting = await world.copies.due(lease=LEASE)
    return [] if forgetting is None else list(forgetting.copies)


async def begun(world: World) -> Forgetting:
    forgetting = await world.copies.due(lease=LEASE)
    assert forgetting is not None
    return forgetting


async def conclude(
    world: World, forgetting: Forgetting, *, forgotten: set[int], given_up: set[int] = frozenset()
) -> None:  # type: ignore[assignment]
    await world.copies.conclude(forgetting, forgotten=forgotten, given_up=given_up, again_after=WAIT)


async def test_a_copy_is_kept_while_it_is_fetched_and_until_it_was_said_that_it_is_stored(world: World) -> None:
    output = await world.outputs.store(await claim(world), AUDIO, retention=LEASE)
    assert output is not None
    assert await due(world) == []
    await world.outputs.said(output)
    assert await due(world) == [copy()]


async def test_the_ending_of_its_job_makes_a_copy_due(world: World) -> None:
    await world.outputs.store(await claim(world), AUDIO, retention=LEASE)
    await world.outputs.end("job", delivered=True)
    assert await due(world) == [copy()]


async def test_a_newer_attempt_makes_older_copies_due(world: World) -> None:
    await world.outputs.reject(await claim(world), BAD)
    assert await due(world) == []
    await claim(world, 2)
    assert await due(world) == [copy(1)]


async def test_saying_that_one_attempt_was_rejected_frees_its_copy_alone(world: World) -> None:
    first = await world.outputs.reject(await claim(world), BAD)
    assert first is not None
    await claim(world, 2)
    await conclude(world, await begun(world), forgotten={1})
    await world.outputs.said(first)
    assert await due(world) == []


async def test_a_copy_that_came_too_late_is_due_though_nothing_was_ever_kept(world: World) -> None:
    await world.copies.leave(copy())
    assert await due(world) == [copy()]
    assert await world.outputs.claim(copy(2), lease=LEASE) == Over()


async def test_a_late_copy_joins_what_is_kept_without_disturbing_it(world: World) -> None:
    output = await world.outputs.store(await claim(world, 2), AUDIO, retention=LEASE)
    await world.copies.leave(copy(1))
    assert await due(world) == [copy(1)]
    assert await world.outputs.claim(copy(2), lease=LEASE) == output


async def test_late_copies_that_arrive_at_once_are_all_known(world: World) -> None:
    await asyncio.gather(*(world.copies.leave(copy(attempt)) for attempt in (1, 2, 3, 1, 2, 3)))
    assert sorted(each.attempt for each in await due(world)) == [1, 2, 3]


async def test_a_copy_is_due_for_one_process_at_a_time(world: World) -> None:
    await world.copies.leave(copy())
    rounds = await asyncio.gather(*(world.copies.due(lease=LEASE) for _ in range(5)))
    assert sum(each is not None for each in rounds) == 1
    await world.age(LEASE + SECOND)
    assert await due(world) == [copy()], "whoever had it died"


async def test_what_is_forgotten_is_never_due_again(world: World) -> None:
    await world.copies.leave(copy())
    await conclude(world, await begun(world), forgotten={1})
    await world.copies.leave(copy())
    await world.outputs.end("job", delivered=False)
    await world.age(LEASE + SECOND)
    assert await due(world) == []


async def test_what_is_given_up_is_not_due_again(world: World) -> None:
    await world.copies.leave(copy())
    await conclude(world, await begun(world), forgotten=set(), given_up={1})
    await world.copies.leave(copy())
    await world.age(LEASE + SECOND)
    assert await due(world) == []


async def test_what_is_not_forgotten_is_due_again_after_a_wait(world: World) -> None:
    await world.copies.leave(copy(1))
    await world.copies.leave(copy(2))
    first = await begun(world)
    assert (first.times_asked, first.due_for < SECOND) == (0, True)
    await conclude(world, first, forgotten={2})
    await world.age(WAIT - SECOND)
    assert await due(world) == []
    await world.age(SECOND)
    second = await begun(world)
    assert second.copies == [copy(1)]
    assert second.times_asked == 1
    assert WAIT <= second.due_for < WAIT + SECOND


async def test_a_copy_that_becomes_due_meanwhile_is_not_lost(world: World) -> None:
    await world.copies.leave(copy(1))
    first = await begun(world)
    await world.copies.leave(copy(2))
    await conclude(world, first, forgotten={1})
    await world.age(WAIT)
    assert await due(world) == [copy(2)]
