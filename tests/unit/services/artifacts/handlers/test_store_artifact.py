"""Audio that is ready is fetched once, checked and kept."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from services.artifacts.adapters.memory_objects import Kept
from services.artifacts.domain.copies import CopyState
from services.artifacts.handlers.forget_copies import forget_copies
from services.artifacts.handlers.hold_claim import LEASE
from services.artifacts.ports import Claim
from shared.contracts.artifact_events import ArtifactStored
from shared.contracts.records.job import ENDED, JobStatus
from shared.kernel.errors import Transient
from shared.market.kinds import MUSIC
from tests.unit.services.artifacts.audio_files import ENCODINGS, audio_file, content_type
from tests.unit.services.artifacts.story import AT, AUDIO, copy, expired, generated, job, succeeded
from tests.unit.services.artifacts.world import RETENTION, World

SECOND = timedelta(seconds=1)
DEADLINE = generated().expires_at


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_audio_is_kept_byte_for_byte_under_a_key_of_its_own(encoding: str) -> None:
    media = audio_file(encoding)
    world = World(media)
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)
    assert stored.key == f"async-media/job/0.{encoding.partition('-')[0]}"
    assert world.objects.kept == {stored.key: Kept(content_type(encoding), media)}
    assert (stored.bytes, stored.sha256) == (len(media), hashlib.sha256(media).hexdigest())
    assert (stored.job_id, stored.attempt, stored.index, stored.kind) == ("job", 1, 0, "music")
    assert abs(stored.duration_millis - 10_000) < 100
    assert stored.retained_until == AT + RETENTION
    assert world.fetches() == 1


async def test_the_type_is_what_the_bytes_say_and_not_what_the_provider_says() -> None:
    (stored,) = await World(audio_file("wav"), content_type="video/mp4").hear()
    assert isinstance(stored, ArtifactStored)
    assert stored.content_type == "audio/wav"


async def test_audio_of_unannounced_length_is_kept_too() -> None:
    (stored,) = await World(announced=False).hear()
    assert isinstance(stored, ArtifactStored)


async def test_hearing_of_it_again_says_the_same_and_fetches_nothing() -> None:
    world = World()
    first = await world.hear()
    assert await world.hear() == first
    assert world.fetches() == 1


async def test_the_provider_keeps_its_copy_until_the_job_has_succeeded() -> None:
    world = World()
    await world.hear()
    await forget_copies(world=world.keeping)
    assert world.forgets() == 0
    await world.end(succeeded())
    await forget_copies(world=world.keeping)
    await world.hear()
    await forget_copies(world=world.keeping)
    assert (world.fetches(), world.forgets()) == (1, 1)
    assert world.objects.kept


@pytest.mark.parametrize("status", sorted(ENDED))
async def test_nothing_is_fetched_for_a_job_that_has_ended(status: JobStatus) -> None:
    world = World()
    world.jobs["job"] = job(status)
    assert await world.hear() == ()
    assert world.fetches() == 0
    assert world.state_of_copy() is CopyState.DUE


async def test_nothing_is_fetched_for_a_job_that_nobody_knows() -> None:
    world = World()
    del world.jobs["job"]
    assert await world.hear() == ()
    assert (world.fetches(), world.state_of_copy()) == (0, CopyState.DUE)


async def test_what_is_ready_at_the_deadline_may_still_be_fetched_for_a_while() -> None:
    world = World()
    world.clock.move(DEADLINE - AT)
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)
    assert world.provider.within == [MUSIC.fetch_grace]


async def test_what_is_ready_long_after_the_deadline_is_not_fetched() -> None:
    world = World()
    world.clock.move(DEADLINE + MUSIC.fetch_grace - AT)
    assert await world.hear() == ()
    assert (world.fetches(), world.state_of_copy()) == (0, CopyState.DUE)


async def test_audio_of_a_job_that_ends_meanwhile_is_removed_and_nobody_is_told() -> None:
    world = World()

    async def end() -> None:
        world.jobs["job"] = job(JobStatus.EXPIRED)

    world.provider.on_piece = end
    assert await world.hear() == ()
    assert world.nothing_is_left_behind()
    assert world.state_of_copy() is CopyState.DUE


async def test_audio_of_a_job_whose_ending_is_heard_meanwhile_is_never_completed() -> None:
    world = World()

    async def end() -> None:
        await world.end(expired())

    world.provider.on_piece = end
    with pytest.raises(Transient):
        await world.hear()
    assert world.nothing_is_left_behind()


async def test_what_somebody_else_fetches_is_not_fetched_twice() -> None:
    world = World()
    await world.keeping.outputs.claim(copy(), lease=LEASE)
    with pytest.raises(Transient):
        await world.hear()
    assert world.fetches() == 0


async def test_what_somebody_died_over_is_fetched_anew() -> None:
    world = World()
    await world.keeping.outputs.claim(copy(), lease=LEASE)
    world.clock.move(LEASE)
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)


async def test_an_object_that_was_completed_before_a_crash_is_not_fetched_again() -> None:
    world = World()
    claim = await world.keeping.outputs.claim(copy(), lease=LEASE)
    assert isinstance(claim, Claim)
    await world.keeping.outputs.about_to_complete(claim, AUDIO, lease=LEASE)
    world.objects.kept[AUDIO.key] = Kept(AUDIO.content_type, bytes(AUDIO.bytes))
    world.clock.move(LEASE)
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)
    assert (stored.sha256, world.fetches()) == (AUDIO.sha256, 0)


async def test_an_object_of_another_length_is_removed_and_fetched_again() -> None:
    world = World()
    claim = await world.keeping.outputs.claim(copy(), lease=LEASE)
    assert isinstance(claim, Claim)
    await world.keeping.outputs.about_to_complete(claim, AUDIO, lease=LEASE)
    world.objects.kept[AUDIO.key] = Kept(AUDIO.content_type, bytes(AUDIO.bytes - 1))
    world.clock.move(LEASE)
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)
    assert set(world.objects.kept) == {stored.key}
    assert stored.key != AUDIO.key


async def test_late_news_of_an_older_attempt_frees_its_copy_and_changes_nothing_else() -> None:
    world = World()
    claim = await world.keeping.outputs.claim(copy(2), lease=LEASE)
    assert isinstance(claim, Claim)
    assert await world.hear(generated(1)) == ()
    assert (world.fetches(), world.state_of_copy(1)) == (0, CopyState.DUE)
    assert world.state_of_copy(2) is CopyState.KEPT


async def test_a_newer_attempts_news_says_what_an_older_one_has_stored() -> None:
    world = World()
    first = await world.hear()
    assert await world.hear(generated(2)) == first
    assert (world.state_of_copy(1), world.state_of_copy(2)) == (CopyState.KEPT, CopyState.DUE)


async def test_a_long_body_does_not_outlive_its_lease() -> None:
    world = World(audio_file("wav", 60.0))
    world.jobs["job"] = job(parameters=replace(job().parameters, duration_seconds=60))

    async def wait() -> None:
        world.clock.move(timedelta(seconds=2))
        assert world.row().leased(world.clock.now())

    world.provider.on_piece = wait
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)
    assert world.clock.monotonic() > 2 * LEASE.total_seconds()
