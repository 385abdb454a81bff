"""What a poller reads of jobs and artifacts: the same in memory and in their collections."""

import pytest

from shared.contracts.records.artifact import ArtifactRecord, ArtifactState
from shared.contracts.records.job import LIVE, JobStatus
from tests.contract.services.poller.worlds import World

JUDGED = [state for state in ArtifactState if state is not ArtifactState.CLAIMED]
OVER = [status for status in JobStatus if status not in LIVE]


def output(attempt: int, state: ArtifactState, *, job_id: str = "job") -> ArtifactRecord:
    return ArtifactRecord(job_id, 0, attempt, state, None)


async def test_of_many_jobs_those_that_have_ended_are_found(world: World) -> None:
    for status in JobStatus:
        await world.put_job(status.value, status)
    asked = [*(status.value for status in JobStatus), "nowhere"]
    assert await world.records.ended(asked) == {status.value for status in OVER}
    assert await world.records.ended(asked[:1]) == set()
    assert await world.records.ended([]) == set()


async def test_more_jobs_than_fit_one_question_are_asked_for_all_the_same(world: World) -> None:
    for job_id in ("0000", "1234", "2499"):
        await world.put_job(job_id, JobStatus.EXPIRED)
    assert await world.records.ended([f"{number:04}" for number in range(2500)]) == {"0000", "1234", "2499"}


@pytest.mark.parametrize("status", OVER)
async def test_of_a_job_that_ended_nothing_is_left_to_watch(world: World, status: JobStatus) -> None:
    await world.put_job("job", status)
    assert await world.records.settled("job", 1)


@pytest.mark.parametrize("status", LIVE)
async def test_a_job_that_goes_on_is_left_to_watch(world: World, status: JobStatus) -> None:
    await world.put_job("job", status)
    assert not await world.records.settled("job", 1)


async def test_a_job_on_no_record_is_left_to_watch(world: World) -> None:
    assert not await world.records.settled("job", 1)


@pytest.mark.parametrize("state", JUDGED)
async def test_of_an_attempt_whose_audio_is_kept_or_refused_nothing_is_left_to_watch(
    world: World, state: ArtifactState
) -> None:
    await world.put_job("job", JobStatus.RUNNING)
    await world.put_artifact(output(2, state))
    assert await world.records.settled("job", 1)
    assert await world.records.settled("job", 2)
    assert not await world.records.settled("job", 3)


async def test_audio_that_is_being_fetched_is_not_judged_yet(world: World) -> None:
    await world.put_job("job", JobStatus.RUNNING)
    await world.put_artifact(output(2, ArtifactState.CLAIMED))
    assert not await world.records.settled("job", 2)


async def test_another_jobs_audio_says_nothing(world: World) -> None:
    await world.put_artifact(output(2, ArtifactState.STORED, job_id="other"))
    assert not await world.records.settled("job", 1)
