"""What every keeper of outputs remembers of fetches that failed."""

from datetime import timedelta

from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.patience import NO_TRIES, Tries
from services.artifacts.ports import Claim, Held
from tests.contract.services.artifacts.worlds import World
from tests.unit.services.artifacts.story import copy

LEASE = timedelta(seconds=120)
SECOND = timedelta(seconds=1)


async def claimed(world: World, attempt: int = 1) -> Claim:
    claim = await world.outputs.claim(copy(attempt), lease=LEASE)
    assert isinstance(claim, Claim)
    return claim


async def test_failed_tries_are_counted_within_an_attempt(world: World) -> None:
    before = NO_TRIES
    for tries in (Tries(bodies=1), Tries(bodies=1, calls=1), Tries(bodies=1, calls=2), Tries(bodies=2, calls=2)):
        claim = await claimed(world)
        assert claim.tries == before
        await world.outputs.release(claim, tries=tries)
        before = tries
    await world.outputs.release(await claimed(world))
    assert (await claimed(world)).tries == before
    await world.age(LEASE + SECOND)
    assert (await claimed(world, 2)).tries == NO_TRIES


async def test_releasing_what_was_lost_changes_nothing(world: World) -> None:
    first = await claimed(world)
    await world.age(LEASE + SECOND)
    await claimed(world)
    await world.outputs.release(first, tries=Tries(bodies=1))
    assert await world.outputs.claim(copy(), lease=LEASE) == Held()
    await world.age(LEASE + SECOND)
    assert (await claimed(world)).tries == NO_TRIES


async def test_what_was_wrong_with_the_request_is_kept(world: World) -> None:
    unfit = Unfit(Reason.GONE, "no", "content_policy", "$a quieter prompt")
    output = await world.outputs.reject(await claimed(world), unfit)
    assert output is not None
    assert output.unfit == unfit
    assert await world.outputs.claim(copy(), lease=LEASE) == output
