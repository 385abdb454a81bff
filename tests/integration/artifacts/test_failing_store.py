"""When the object store fails, nothing is taken for kept, nothing hangs, and nothing is left behind."""

import asyncio
from datetime import timedelta

import pytest

from services.artifacts.adapters.s3_objects import S3Objects
from services.artifacts.adapters.s3_upload import PART, S3Upload
from services.artifacts.domain.copies import CopyState
from services.artifacts.domain.patience import NO_TRIES
from services.artifacts.ports import Objects
from shared.contracts.artifact_events import ArtifactStored
from shared.kernel.errors import Transient
from shared.kernel.secret import Secret
from shared.runtime.clock import SystemClock
from shared.storage.objects import Store, open_objects
from tests.integration.artifacts.failing_store import FailingStore, Failure, Step, failing_store
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.world import World

KEY = "async-media/job/0.wav"
SMALL, LARGE = 1000, 2 * PART + 1000


async def write(objects: Objects, size: int) -> None:
    async with objects.writing(KEY, "audio/wav") as upload:
        for start in range(0, size, PART):
            await upload.write(bytes(min(PART, size - start)))
        await upload.complete()


@pytest.mark.parametrize(
    ("size", "step", "failure"),
    [
        (SMALL, "put", "unavailable"),
        (SMALL, "head", "drop"),
        (LARGE, "begin", "unavailable"),
        (LARGE, "part", "drop"),
        (LARGE, "complete", "unavailable"),
        (LARGE, "complete", "drop_after"),
    ],
)
async def test_whichever_step_fails_the_object_does_not_count_as_kept(size: int, step: Step, failure: Failure) -> None:
    store = FailingStore({step: failure})
    async with failing_store(store) as opened:
        with pytest.raises(Transient):
            await write(S3Objects(opened, SystemClock()), size)
    assert step in store.asked
    begun = "begin" in store.asked and step != "begin"
    assert (store.asked[-1] == "abort") == begun


async def test_an_error_told_with_a_200_is_an_error() -> None:
    store = FailingStore({"complete": "error_in_200"})
    async with failing_store(store) as opened:
        with pytest.raises(Transient):
            await write(S3Objects(opened, SystemClock()), LARGE)
    assert (store.kept, store.asked[-1]) == ({}, "abort")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_object_of_another_length_does_not_count_as_kept(size: int) -> None:
    async with failing_store(FailingStore({"head": "short"})) as opened:
        with pytest.raises(Transient, match="has 1 bytes"):
            await write(S3Objects(opened, SystemClock()), size)


@pytest.mark.parametrize(
    ("size", "step"), [(SMALL, "head"), (LARGE, "begin"), (LARGE, "part"), (LARGE, "complete"), (LARGE, "head")]
)
async def test_a_page_of_somebody_else_in_a_200_is_trouble(size: int, step: Step) -> None:
    store = FailingStore({step: "foreign"})
    async with failing_store(store) as opened:
        with pytest.raises(Transient):
            await write(S3Objects(opened, SystemClock()), size)
    assert step in store.asked


async def test_a_page_of_somebody_else_is_no_proof_that_there_are_no_objects() -> None:
    store = FailingStore({"list": "foreign", "head": "foreign"})
    async with failing_store(store) as opened:
        objects = S3Objects(opened, SystemClock())
        with pytest.raises(Transient):
            await objects.remove("async-media/job/0.")
        with pytest.raises(Transient):
            await objects.length(KEY)


async def test_a_store_is_asked_twice_for_the_same_and_no_more() -> None:
    store = FailingStore({"head": "unavailable"})
    async with failing_store(store) as opened:
        with pytest.raises(Transient):
            await S3Objects(opened, SystemClock()).length(KEY)
    assert store.asked == ["head", "head"]


async def test_an_upload_that_cannot_be_ended_is_left_to_the_sweep() -> None:
    store = FailingStore({"part": "unavailable", "abort": "unavailable"})
    async with failing_store(store) as opened:
        with pytest.raises(Transient, match="a part"):
            await write(S3Objects(opened, SystemClock()), LARGE)
    assert store.asked[-1] == "abort"


async def test_being_cancelled_while_a_part_hangs_ends_the_upload() -> None:
    store = FailingStore({"part": "hang"})
    async with failing_store(store) as opened:
        task = asyncio.create_task(write(S3Objects(opened, SystemClock()), LARGE))
        await store.reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await task
    assert store.asked == ["begin", "part", "abort"]


@pytest.mark.parametrize(("size", "step"), [(SMALL, "put"), (LARGE, "part"), (LARGE, "complete")])
async def test_a_store_that_falls_silent_over_a_body_is_waited_for_no_longer_than_agreed(size: int, step: Step) -> None:
    store = FailingStore({step: "hang"})
    async with failing_store(store) as opened:
        await S3Objects(opened, SystemClock()).length(KEY)  # the first use of a client is slow
        upload = S3Upload(opened, KEY, "audio/wav", within=0.5)
        async with asyncio.timeout(10):
            with pytest.raises(Transient, match="TimeoutError"):
                await upload.write(bytes(size))
                await upload.complete()
            await upload.give_up()
    assert step in store.asked


async def test_a_store_that_is_not_there_is_trouble_for_everything() -> None:
    nowhere = Store("http://127.0.0.1:9", "bucket", "us-east-1", "key", Secret("secret"))
    async with open_objects(nowhere) as opened:
        objects = S3Objects(opened, SystemClock())
        with pytest.raises(Transient):
            await write(objects, SMALL)
        with pytest.raises(Transient):
            await objects.remove("async-media/job/0.")
        with pytest.raises(Transient):
            await objects.length(KEY)


async def test_an_object_whose_completion_was_not_heard_is_found_and_not_fetched_again() -> None:
    store = FailingStore({"put": "drop_after"})
    async with failing_store(store) as opened:
        world = World(audio_file("mp3-vbr"))
        world.use(S3Objects(opened, world.clock))
        with pytest.raises(Transient):
            await world.hear()
        assert (world.row().tries, world.state_of_copy()) == (NO_TRIES, CopyState.KEPT)
        store.fails.clear()
        (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)
    assert list(store.kept.values()) == [stored.bytes]
    assert world.fetches() == 1


async def test_an_old_upload_that_vanished_meanwhile_is_what_was_wished_for() -> None:
    store = FailingStore({"abort": "gone"})
    async with failing_store(store) as opened:
        assert await S3Objects(opened, SystemClock()).abort_uploads("a/", older_than=timedelta(hours=1)) == 0
    assert store.asked == ["uploads", "abort"]


async def test_an_old_upload_that_cannot_be_ended_now_is_not_taken_for_ended() -> None:
    store = FailingStore({"abort": "unavailable"})
    async with failing_store(store) as opened:
        with pytest.raises(Transient):
            await S3Objects(opened, SystemClock()).abort_uploads("a/", older_than=timedelta(hours=1))
