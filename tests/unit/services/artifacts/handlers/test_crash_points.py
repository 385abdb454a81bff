"""Wherever a process comes to grief, another one brings the audio to its end: kept whole or not at all."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from services.artifacts import ports
from services.artifacts.domain.copies import CopyState
from services.artifacts.domain.saying import AGAIN_AFTER
from services.artifacts.handlers.abort_uploads import DEAD_AFTER, abort_uploads
from services.artifacts.handlers.end_outputs import Ending, hear_ending
from services.artifacts.handlers.expire_outputs import expire_outputs
from services.artifacts.handlers.forget_copies import forget_copies
from services.artifacts.handlers.hold_claim import LEASE
from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.say_again import say_again
from services.artifacts.handlers.store_artifact import store_artifact
from shared.contracts.artifact_events import ArtifactExpired, ArtifactRejected, ArtifactStored
from shared.contracts.event import Event
from shared.contracts.records.artifact import ArtifactState
from shared.contracts.records.job import JobStatus
from shared.kernel.errors import Transient
from tests.kit.crashes import Died, Fate, Grief
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.crashing import doomed
from tests.unit.services.artifacts.story import copy, expired, generated, job, succeeded
from tests.unit.services.artifacts.world import RETENTION, World

SONG = audio_file("wav", 10.0, 1, 8_000)
MOST_CALLS = 80

SUCCEEDED, EXPIRED = succeeded(), expired()

Act = Callable[[Keeping], Awaitable[object]]


async def store(keeping: Keeping) -> object:
    return await store_artifact(generated(), world=keeping)


async def die_when_completed(keeping: Keeping) -> object:
    """Store, and die when the object is there and the record of it is not."""
    fate = Fate(at_call="objects.writing.complete", after=True)
    with suppress(Died):
        await store(doomed(keeping, fate))
    return None


async def store_the_next(keeping: Keeping) -> object:
    return await store_artifact(generated(2), world=keeping)


def hear(ending: Ending) -> Act:
    async def act(keeping: Keeping) -> object:
        return await hear_ending(ending, outputs=keeping.outputs, objects=keeping.objects)

    return act


async def forget(keeping: Keeping) -> object:
    return await forget_copies(world=keeping)


async def expire(keeping: Keeping) -> object:
    return await expire_outputs(world=keeping)


async def again(keeping: Keeping) -> object:
    return await say_again(world=keeping)


async def sweep_uploads(keeping: Keeping) -> object:
    return await abort_uploads(objects=keeping.objects)


@dataclass(frozen=True)
class Story:
    """What a process does when it comes to grief, and what happened before."""

    act: Act
    media: bytes = SONG
    before: tuple[Act, ...] = ()
    passes: timedelta = timedelta()
    ending: Ending = SUCCEEDED
    slow: bool = False
    over: bool = False
    """Whether the job has ended by then."""


STORIES = {
    "stored": Story(store),
    "stored slowly": Story(store, slow=True),
    "stored after a crash": Story(store, before=(die_when_completed,), passes=LEASE),
    "tried again": Story(store, media=SONG[:-1], ending=EXPIRED),
    "rejected": Story(store, media=SONG[:-1], before=(store, store), ending=EXPIRED),
    "taken over by the next attempt": Story(store_the_next, media=SONG[:-1], before=(store,) * 3),
    "too late": Story(store, ending=EXPIRED, over=True),
    "paid": Story(hear(SUCCEEDED), before=(store,)),
    "ended unpaid": Story(hear(EXPIRED), before=(store,), ending=EXPIRED),
    "forgotten": Story(forget, before=(store, hear(SUCCEEDED))),
    "said again": Story(again, before=(store,), passes=AGAIN_AFTER),
    "expired": Story(expire, before=(store, hear(SUCCEEDED), forget), passes=RETENTION),
    "swept": Story(sweep_uploads, before=(store,)),
}


async def begin(story: Story) -> World:
    world = World(story.media)
    world.offer_audio(copy(2), SONG)
    if story.over:
        world.jobs["job"] = job(JobStatus.EXPIRED)
    for act in story.before:
        with suppress(Transient):
            await act(world.keeping)
    world.clock.move(story.passes)
    if story.slow:

        async def wait() -> None:
            world.clock.move(timedelta(seconds=30))

        world.provider.on_piece = wait
    return world


async def come_to_grief(world: World, story: Story, fate: Fate) -> None:
    with suppress(Died, asyncio.CancelledError, Transient, BaseExceptionGroup):
        await story.act(doomed(world.keeping, fate))


async def recover(world: World, story: Story) -> list[Event]:
    """Deliver every message again to another process, end the job, and let the sweeps come round."""
    world.provider.on_piece = None
    said: list[Event] = []
    world.clock.move(LEASE)
    for act in (store, store_the_next) if story.act is store_the_next else (store,):
        for _ in range(5):
            with suppress(Transient):
                said += await act(world.keeping)  # type: ignore[misc]
                break
    if story.ending == EXPIRED:
        world.jobs["job"] = job(JobStatus.EXPIRED)
    await world.end(story.ending)
    for _ in range(3):
        world.clock.move(DEAD_AFTER / 3 + timedelta(seconds=1))
        await say_again(world=world.keeping)
        await forget_copies(world=world.keeping)
        await expire_outputs(world=world.keeping)
        await abort_uploads(objects=world.objects)
    return said


def check(world: World, said: list[Event], story: Story) -> None:
    row = world.row()
    assert not world.objects.uploads
    assert {known.state for known in row.copies.values()} == {CopyState.FORGOTTEN}
    if story.ending == EXPIRED:
        assert not world.objects.kept
        assert row.state in (ArtifactState.EXPIRED, ArtifactState.REJECTED)
        return
    if story.act is expire:
        assert any(isinstance(fact, ArtifactExpired) for fact in world.said)
        assert (row.state, world.objects.kept) == (ArtifactState.EXPIRED, {})
        return
    assert row.state is ArtifactState.STORED
    assert row.audio is not None
    assert {key: hashlib.sha256(kept.data).hexdigest() for key, kept in world.objects.kept.items()} == {
        row.audio.key: row.audio.sha256
    }
    news = [fact for fact in [*said, *world.said] if isinstance(fact, ArtifactStored)]
    assert {fact.sha256 for fact in news} <= {row.audio.sha256}
    assert not any(isinstance(fact, ArtifactRejected) and fact.attempt == row.copy.attempt for fact in said)


@pytest.mark.parametrize("grief", Grief)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", STORIES)
async def test_another_process_brings_it_to_its_end(name: str, after: bool, grief: Grief) -> None:
    story = STORIES[name]
    for at in range(1, MOST_CALLS):
        world = await begin(story)
        fate = Fate(at, after, grief)
        await come_to_grief(world, story, fate)
        if not fate.met:
            return
        check(world, await recover(world, story), story)
    raise AssertionError("a story has more calls than are tried")


async def test_every_call_into_the_world_is_among_the_stories() -> None:
    reached: set[str] = set()
    for story in STORIES.values():
        world, fate = await begin(story), Fate()
        await come_to_grief(world, story, fate)
        reached |= set(fate.calls)
    offered = {
        f"{name}.{method}"
        for name, port in (
            ("jobs", ports.Jobs),
            ("keys", ports.Keys),
            ("announcer", ports.Announcer),
            ("objects.writing", ports.Upload),
            ("objects", ports.Objects),
            ("outputs", ports.Outputs),
            ("copies", ports.Copies),
        )
        for method in vars(port)
        if not method.startswith("_")
    } | {"provider.fetch", "provider.forget"}
    assert offered - reached == set()
