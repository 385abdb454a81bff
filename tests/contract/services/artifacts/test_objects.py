"""What every object store promises: whole objects or none, and nothing left behind."""

import asyncio
from datetime import timedelta

import pytest

from services.artifacts.adapters.s3_upload import PART
from services.artifacts.ports import Objects

PIECE = 64 * 1024
SIZES = (0, 1, PART - 1, PART, PART + 1, 3 * PART, 3 * PART + 17)
NOTHING_IS_NEWER = timedelta(seconds=-60)


async def write(objects: Objects, key: str, data: bytes) -> None:
    async with objects.writing(key, "audio/wav") as upload:
        for start in range(0, len(data), PIECE):
            await upload.write(data[start : start + PIECE])
        await upload.complete()


@pytest.mark.parametrize("size", SIZES)
async def test_an_object_is_as_long_as_what_was_written(objects: Objects, key_prefix: str, size: int) -> None:
    key = f"{key_prefix}0.wav"
    await write(objects, key, bytes(size))
    assert await objects.length(key) == size


@pytest.mark.parametrize("size", [PIECE, 2 * PART])
async def test_leaving_without_completing_leaves_nothing(objects: Objects, key_prefix: str, size: int) -> None:
    key = f"{key_prefix}0.wav"
    async with objects.writing(key, "audio/wav") as upload:
        for _ in range(size // PIECE):
            await upload.write(bytes(PIECE))
    assert await objects.length(key) is None
    assert await objects.abort_uploads(key_prefix, older_than=NOTHING_IS_NEWER) == 0


async def test_failing_in_the_midst_leaves_nothing(objects: Objects, key_prefix: str) -> None:
    key = f"{key_prefix}0.wav"
    with pytest.raises(ZeroDivisionError):
        async with objects.writing(key, "audio/wav") as upload:
            await upload.write(bytes(2 * PART))
            raise ZeroDivisionError
    assert await objects.length(key) is None
    assert await objects.abort_uploads(key_prefix, older_than=NOTHING_IS_NEWER) == 0


async def test_being_cancelled_in_the_midst_leaves_nothing(objects: Objects, key_prefix: str) -> None:
    key, written, forever = f"{key_prefix}0.wav", asyncio.Event(), asyncio.Event()

    async def writing() -> None:
        async with objects.writing(key, "audio/wav") as upload:
            await upload.write(bytes(2 * PART))
            written.set()
            await forever.wait()

    task = asyncio.create_task(writing())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await objects.length(key) is None
    assert await objects.abort_uploads(key_prefix, older_than=NOTHING_IS_NEWER) == 0


async def test_writing_again_replaces_the_object(objects: Objects, key_prefix: str) -> None:
    key = f"{key_prefix}0.wav"
    await write(objects, key, bytes(2 * PART))
    await write(objects, key, bytes(5))
    assert await objects.length(key) == 5


async def test_an_object_is_there_unchanged_while_another_is_written_over_it(objects: Objects, key_prefix: str) -> None:
    key = f"{key_prefix}0.wav"
    await write(objects, key, bytes(5))
    async with objects.writing(key, "audio/wav") as upload:
        await upload.write(bytes(2 * PART))
        assert await objects.length(key) == 5


async def test_a_missing_object_has_no_length(objects: Objects, key_prefix: str) -> None:
    assert await objects.length(f"{key_prefix}0.wav") is None


async def test_removing_takes_all_of_an_output_and_nothing_else(objects: Objects, key_prefix: str) -> None:
    for key in ("a/0.wav", "a/0.mp3", "a/1.mp3", "b/0.mp3"):
        await write(objects, key_prefix + key, b"data")
    await objects.remove(f"{key_prefix}a/0.")
    await objects.remove(f"{key_prefix}a/0.")
    left = {key for key in ("a/0.wav", "a/0.mp3", "a/1.mp3", "b/0.mp3") if await objects.length(key_prefix + key)}
    assert left == {"a/1.mp3", "b/0.mp3"}


async def test_uploads_are_ended_when_they_are_old_enough_and_ours(objects: Objects, key_prefix: str) -> None:
    async with objects.writing(f"{key_prefix}0.wav", "audio/wav") as upload:
        await upload.write(bytes(2 * PART))
        assert await objects.abort_uploads(key_prefix, older_than=timedelta(hours=1)) == 0
        assert await objects.abort_uploads(f"{key_prefix}other", older_than=NOTHING_IS_NEWER) == 0
        assert await objects.abort_uploads(key_prefix, older_than=NOTHING_IS_NEWER) == 1
