"""What every keeper of outputs promises: who may fetch, what stands, what is due."""

import asyncio
from datetime import timedelta

import pytest

from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.output import Output
from services.artifacts.domain.patience import NO_TRIES
from services.artifacts.domain.saying import AGAIN_AFTER, AT_LEAST_EVERY, LOOKED_AFTER
from services.artifacts.ports import Claim, Held, Over
from shared.contracts.records.artifact import ArtifactState
from tests.contract.services.artifacts.worlds import World
from tests.unit.services.artifacts.story import AUDIO, copy

LEASE = timedelta(seconds=120)
RETENTION = timedelta(hours=3)
SECOND = timedelta(seconds=1)
MARGIN = timedelta(seconds=4)
"""For a database whose clock goes on while a test runs."""
BAD = Unfit(Reason.TRUNCATED, "$the end is missing")


async def claimed(world: World, attempt: int = 1, *, job_id: str = "job") -> Claim:
    claim = await world.outputs.claim(copy(attempt, job_id=job_id), lease=LEASE)
    assert isinstance(claim, Claim)
    return claim


async def stored(world: World, attempt: int = 1, *, job_id: str = "job") -> Output:
    output = await world.outputs.store(await claimed(world, attempt, job_id=job_id), AUDIO, retention=RETENTION)
    assert output is not None
    return output


async def rejected(world: World, attempt: int = 1) -> Output:
    output = await world.outputs.reject(await claimed(world, attempt), BAD)
    assert output is not None
    return output


async def test_of_many_who_want_one_output_one_may_fetch_it(world: World) -> None:
    outcomes = await asyncio.gather(*(world.outputs.claim(copy(), lease=LEASE) for _ in range(8)))
    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 7


async def test_a_first_claim_knows_of_nothing_before_it(world: World) -> None:
    claim = await claimed(world)
    assert (claim.copy, claim.tries, claim.counted, claim.taken_over) == (copy(), NO_TRIES, None, False)


async def test_a_lease_that_ended_can_be_taken_over(world: World) -> None:
    first = await claimed(world)
    await world.age(LEASE + SECOND)
    second = await claimed(world)
    assert second.taken_over
    assert await world.outputs.store(first, AUDIO, retention=RETENTION) is None
    assert await world.outputs.store(second, AUDIO, retention=RETENTION) is not None


async def test_a_renewed_lease_cannot_be_taken_over(world: World) -> None:
    claim = await claimed(world)
    await world.age(LEASE - SECOND)
    assert await world.outputs.renew(claim, lease=LEASE)
    await world.age(LEASE - SECOND)
    assert await world.outputs.claim(copy(), lease=LEASE) == Held()


async def test_a_lease_that_was_taken_over_cannot_be_renewed(world: World) -> None:
    first = await claimed(world)
    await world.age(LEASE + SECOND)
    await claimed(world)
    assert not await world.outputs.renew(first, lease=LEASE)
    assert not await world.outputs.about_to_complete(first, AUDIO, lease=LEASE)


async def test_a_released_output_can_be_claimed_at_once(world: World) -> None:
    await world.outputs.release(await claimed(world))
    assert (await claimed(world)).tries == NO_TRIES


async def test_what_is_about_to_be_there_is_known_to_the_next_try(world: World) -> None:
    first = await claimed(world)
    assert await world.outputs.about_to_complete(first, AUDIO, lease=LEASE)
    await world.age(LEASE + SECOND)
    assert (await claimed(world)).counted == AUDIO


async def test_what_an_older_attempt_was_about_to_keep_is_nothing_to_a_newer_one(world: World) -> None:
    first = await claimed(world)
    assert await world.outputs.about_to_complete(first, AUDIO, lease=LEASE)
    await world.outputs.release(first)
    second = await claimed(world, 2)
    assert second.counted is None
    assert second.taken_over


async def test_a_stored_output_is_stored_for_every_attempt(world: World) -> None:
    output = await stored(world)
    assert output.state is ArtifactState.STORED
    assert output.audio == AUDIO
    assert output.attempt == 1
    assert output.retained_until is not None
    assert await world.outputs.claim(copy(), lease=LEASE) == output
    assert await world.outputs.claim(copy(2), lease=LEASE) == output


async def test_a_rejected_output_is_taken_over_by_a_newer_attempt_only(world: World) -> None:
    output = await rejected(world, 2)
    assert output.state is ArtifactState.REJECTED
    assert output.unfit == BAD
    assert await world.outputs.claim(copy(2), lease=LEASE) == output
    assert await world.outputs.claim(copy(1), lease=LEASE) == Over()
    assert (await claimed(world, 3)).copy.attempt == 3


async def test_a_newer_attempt_waits_for_the_lease_of_an_older_one(world: World) -> None:
    await claimed(world)
    assert await world.outputs.claim(copy(2), lease=LEASE) == Held()


async def test_a_newer_attempts_output_tells_whose_it_is(world: World) -> None:
    await rejected(world)
    output = await stored(world, 2)
    assert (output.attempt, output.offer_id, output.unfit) == (2, "offer-2", None)


@pytest.mark.parametrize("delivered", [True, False])
async def test_nothing_is_kept_for_a_job_that_has_ended(world: World, delivered: bool) -> None:
    claim = await claimed(world)
    await world.outputs.end("job", delivered=delivered)
    assert not await world.outputs.renew(claim, lease=LEASE)
    assert not await world.outputs.about_to_complete(claim, AUDIO, lease=LEASE)
    assert await world.outputs.store(claim, AUDIO, retention=RETENTION) is None
    assert await world.outputs.reject(claim, BAD) is None
    await world.age(LEASE + SECOND)
    assert await world.outputs.claim(copy(2), lease=LEASE) == Over()


async def test_ending_a_job_without_outputs_leaves_nothing_to_remove(world: World) -> None:
    assert not await world.outputs.end("job", delivered=False)


async def test_an_unpaid_ending_leaves_an_object_to_remove_until_it_is(world: World) -> None:
    await stored(world)
    assert await world.outputs.end("job", delivered=False)
    assert await world.outputs.end("job", delivered=False)
    await world.outputs.discard("job")
    assert not await world.outputs.end("job", delivered=False)


async def test_a_paid_output_is_not_discarded(world: World) -> None:
    output = await stored(world)
    assert not await world.outputs.end("job", delivered=True)
    assert await world.outputs.claim(copy(), lease=LEASE) == output


async def test_what_became_of_an_output_is_said_again_ever_more_rarely(world: World) -> None:
    output = await stored(world)
    assert await world.outputs.unsaid() is None
    since = timedelta()
    for _ in range(6):
        silence = min(max(AGAIN_AFTER, since), AT_LEAST_EVERY)
        await world.age(silence - MARGIN)
        assert await world.outputs.unsaid() is None
        await world.age(2 * MARGIN)
        again = await world.outputs.unsaid()
        assert again is not None
        assert (again.job_id, again.audio) == (output.job_id, output.audio)
        since += silence + MARGIN


async def test_a_rejection_is_said_again_too(world: World) -> None:
    await rejected(world)
    await world.age(AGAIN_AFTER)
    again = await world.outputs.unsaid()
    assert again is not None
    assert again.unfit == BAD


async def test_a_claim_is_looked_after_when_its_job_must_have_ended(world: World) -> None:
    await claimed(world)
    await world.age(LOOKED_AFTER - SECOND)
    assert await world.outputs.unsaid() is None
    await world.age(SECOND)
    again = await world.outputs.unsaid()
    assert again is not None
    assert again.state is ArtifactState.CLAIMED


async def test_nothing_is_said_of_a_job_whose_ending_was_heard(world: World) -> None:
    await stored(world)
    await world.outputs.end("job", delivered=True)
    await world.age(LOOKED_AFTER)
    assert await world.outputs.unsaid() is None


async def test_what_is_to_be_said_is_given_to_one_process(world: World) -> None:
    for job_id in ("a", "b", "c"):
        await stored(world, job_id=job_id)
    await world.age(AGAIN_AFTER)
    outputs = await asyncio.gather(*(world.outputs.unsaid() for _ in range(6)))
    assert sorted(output.job_id for output in outputs if output is not None) == ["a", "b", "c"]


async def test_an_output_is_due_when_its_retention_is_over(world: World) -> None:
    await stored(world)
    await world.age(RETENTION - SECOND)
    assert await world.outputs.past_retention(lease=LEASE) is None
    await world.age(SECOND)
    output = await world.outputs.past_retention(lease=LEASE)
    assert output is not None
    assert output.audio == AUDIO
    assert await world.outputs.past_retention(lease=LEASE) is None, "it is leased"
    await world.outputs.expire(output)
    await world.age(LEASE + SECOND)
    assert await world.outputs.past_retention(lease=LEASE) is None, "it is gone"


async def test_an_output_whose_expiry_broke_off_is_due_again(world: World) -> None:
    await stored(world)
    await world.age(RETENTION)
    assert await world.outputs.past_retention(lease=LEASE) is not None
    await world.age(LEASE + SECOND)
    assert await world.outputs.past_retention(lease=LEASE) is not None
