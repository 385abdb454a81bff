"""What comes round: saying again, forgetting, expiring."""

from datetime import timedelta

import pytest

from services.artifacts.domain.copies import FIRST_WAIT, GIVEN_UP_AFTER, LONGEST_WAIT, CopyState
from services.artifacts.domain.facts import stored
from services.artifacts.domain.saying import AGAIN_AFTER, LOOKED_AFTER
from services.artifacts.handlers.abort_uploads import DEAD_AFTER, abort_uploads
from services.artifacts.handlers.expire_outputs import expire_outputs
from services.artifacts.handlers.forget_copies import forget_copies
from services.artifacts.handlers.hold_claim import LEASE
from services.artifacts.handlers.say_again import say_again
from services.artifacts.ports import Claim
from shared.contracts.artifact_events import ArtifactExpired
from shared.contracts.records.artifact import ArtifactState
from shared.contracts.records.job import JobStatus
from shared.kernel.errors import Transient
from shared.providers.outcomes import NotForgotten
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.story import copy, job, succeeded
from tests.unit.services.artifacts.world import RETENTION, World

NOT_YET = NotForgotten("the provider has not deleted the media yet")


def pass_by(world: World, duration: timedelta) -> None:
    world.clock.move(duration)


async def test_stored_audio_of_a_live_job_is_said_again_and_only_then_forgotten() -> None:
    world = World()
    said = await world.hear()
    await say_again(world=world.keeping)
    assert world.said == []
    pass_by(world, AGAIN_AFTER)
    await say_again(world=world.keeping)
    assert world.said == list(said)
    await forget_copies(world=world.keeping)
    assert world.forgets() == 1


async def test_a_rejection_nobody_acted_upon_is_said_again() -> None:
    world = World(audio_file("flac")[:-1])
    said = await world.hear_until_settled()
    pass_by(world, AGAIN_AFTER)
    await say_again(world=world.keeping)
    assert world.said == list(said)
    assert world.state_of_copy() is CopyState.DUE


async def test_without_a_broker_nothing_counts_as_said() -> None:
    world = World()
    await world.hear()
    pass_by(world, AGAIN_AFTER)
    world.broker_is_there = False
    with pytest.raises(Transient):
        await say_again(world=world.keeping)
    assert world.state_of_copy() is CopyState.KEPT


@pytest.mark.parametrize("status", [JobStatus.EXPIRED, JobStatus.SUCCEEDED])
async def test_an_ending_that_was_not_heard_is_found(status: JobStatus) -> None:
    world = World()
    await world.hear()
    world.jobs["job"] = job(status)
    pass_by(world, AGAIN_AFTER)
    await say_again(world=world.keeping)
    assert world.said == []
    assert bool(world.objects.kept) == (status is JobStatus.SUCCEEDED)
    assert (world.row().ended, world.state_of_copy()) == (True, CopyState.DUE)


async def test_a_claim_whose_job_ended_unheard_is_ended_too() -> None:
    world = World()
    await world.keeping.outputs.claim(copy(), lease=LEASE)
    world.jobs["job"] = job(JobStatus.EXPIRED)
    pass_by(world, LOOKED_AFTER)
    await say_again(world=world.keeping)
    assert (world.row().state, world.state_of_copy()) == (ArtifactState.EXPIRED, CopyState.DUE)


async def test_of_a_claim_of_a_live_job_nothing_is_said() -> None:
    world = World()
    await world.keeping.outputs.claim(copy(), lease=LEASE)
    pass_by(world, LOOKED_AFTER)
    await say_again(world=world.keeping)
    assert (world.said, world.row().ended) == ([], False)


async def test_a_provider_that_does_not_forget_is_asked_again_later() -> None:
    world = World(forgets=(NOT_YET, NOT_YET))
    await world.hear()
    await world.end(succeeded())
    for wait in (FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT):
        await forget_copies(world=world.keeping)
        await forget_copies(world=world.keeping)
        pass_by(world, wait)
    assert world.forgets() == 3
    assert world.state_of_copy() is CopyState.FORGOTTEN


async def test_a_provider_that_never_forgets_is_given_up_after_a_day() -> None:
    world = World(forgets=(NOT_YET,) * 1000)
    await world.hear()
    await world.end(succeeded())
    passed = timedelta()
    while passed < GIVEN_UP_AFTER + LONGEST_WAIT:
        await forget_copies(world=world.keeping)
        pass_by(world, LONGEST_WAIT)
        passed += LONGEST_WAIT
    assert world.state_of_copy() is CopyState.GIVEN_UP
    asked = world.forgets()
    await forget_copies(world=world.keeping)
    assert world.forgets() == asked


async def test_a_copy_whose_key_is_gone_is_given_up() -> None:
    world = World()
    await world.hear()
    await world.end(succeeded())
    world.keys_are_there = False
    await forget_copies(world=world.keeping)
    assert (world.forgets(), world.state_of_copy()) == (0, CopyState.GIVEN_UP)


async def test_an_object_goes_when_its_time_is_up_and_that_is_said() -> None:
    world = World()
    await world.hear()
    await world.end(succeeded())
    await expire_outputs(world=world.keeping)
    assert world.objects.kept
    pass_by(world, RETENTION)
    await expire_outputs(world=world.keeping)
    await expire_outputs(world=world.keeping)
    assert not world.objects.kept
    assert world.said == [ArtifactExpired(job_id="job", kind="music", attempt=1, index=0)]
    assert world.row().state is ArtifactState.EXPIRED


async def test_an_expiry_that_could_not_be_said_is_done_again() -> None:
    world = World()
    await world.hear()
    pass_by(world, RETENTION)
    world.broker_is_there = False
    with pytest.raises(Transient):
        await expire_outputs(world=world.keeping)
    assert world.row().state is ArtifactState.STORED
    world.broker_is_there = True
    pass_by(world, timedelta(seconds=60))
    await expire_outputs(world=world.keeping)
    assert world.row().state is ArtifactState.EXPIRED
    assert len(world.said) == 1


async def test_a_stored_output_can_be_told_and_an_unfinished_one_cannot() -> None:
    world = World()
    claim = await world.keeping.outputs.claim(copy(), lease=LEASE)
    assert isinstance(claim, Claim)
    with pytest.raises(ValueError, match="is not stored"):
        stored(world.row().output())


async def test_uploads_that_nobody_will_complete_are_ended() -> None:
    world = World()
    async with world.objects.writing("async-media/job/0.wav", "audio/wav"):
        await abort_uploads(objects=world.objects)
        assert world.objects.uploads
        pass_by(world, DEAD_AFTER + timedelta(seconds=1))
        await abort_uploads(objects=world.objects)
        assert not world.objects.uploads
