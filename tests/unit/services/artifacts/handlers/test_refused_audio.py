"""Audio that cannot be kept: tried again within bounds, then rejected; our own trouble never counts."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from services.artifacts.domain.audio.tape import MOST_BYTES
from services.artifacts.domain.audio.unfit import Reason
from services.artifacts.domain.copies import CopyState
from services.artifacts.domain.patience import MOST_CALLS, MOST_TRIES, NO_TRIES
from services.artifacts.handlers.fetch_body import KEY_GONE, KEY_SEALED
from services.artifacts.handlers.hold_claim import LEASE
from services.artifacts.handlers.streams import AT_ONCE, OF_ONE_SELLER
from services.artifacts.ports import Claim
from shared.contracts.artifact_events import ArtifactRejected, ArtifactStored
from shared.kernel.errors import Transient
from shared.providers.outcomes import Broken, Failed, LookAgain, Missing, Working
from tests.kit.waiting import others_run
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.story import copy, generated, job
from tests.unit.services.artifacts.world import World

FLAC = audio_file("flac")


async def rejection(world: World) -> ArtifactRejected:
    (rejected,) = await world.hear_until_settled()
    assert isinstance(rejected, ArtifactRejected)
    return rejected


@pytest.mark.parametrize(
    ("media", "script", "reason", "fetches"),
    [
        (FLAC, {"breaks_after": 100_000}, Reason.TRUNCATED, MOST_TRIES),
        (FLAC[:-1], {}, Reason.TRUNCATED, MOST_TRIES),
        (b"<html>no such song</html>", {}, Reason.NOT_AUDIO, MOST_TRIES),
        (random.Random(3).randbytes(200_000), {}, Reason.NOT_AUDIO, MOST_TRIES),
        (b"", {}, Reason.NOT_AUDIO, MOST_TRIES),
        (audio_file("flac", 3.0), {}, Reason.WRONG_DURATION, 1),
        (b"\x1f\x8b" + bytes(1000), {}, Reason.COMPRESSED, 1),
        (b"", {"then": Missing()}, Reason.GONE, MOST_CALLS),
        (b"", {"then": Broken("it broke")}, Reason.GONE, MOST_CALLS),
        (b"", {"then": LookAgain("reset")}, Reason.GONE, MOST_CALLS),
        (b"", {"then": Failed("content_policy", "no")}, Reason.GONE, 1),
    ],
    ids=[
        "breaks off",
        "lacks a byte",
        "a web page",
        "noise",
        "nothing",
        "a snippet",
        "compressed",
        "gone",
        "broken",
        "unreachable",
        "refused",
    ],
)
async def test_what_cannot_be_kept_is_rejected_after_a_few_tries(
    media: bytes, script: dict[str, Any], reason: Reason, fetches: int
) -> None:
    world = World(media, **script)
    rejected = await rejection(world)
    assert (rejected.reason, rejected.offer_id, rejected.attempt) == (reason, "offer-1", 1)
    assert rejected.message
    assert world.fetches() == fetches
    assert world.nothing_is_left_behind()
    assert world.state_of_copy() is CopyState.KEPT, "until it was said"


async def test_what_is_wrong_with_the_request_is_said_in_the_jobs_own_words() -> None:
    world = World(b"", then=Failed("content_policy", "not this", "a quiet song"))
    rejected = await rejection(world)
    assert (rejected.code, rejected.message, rejected.suggestion) == ("content_policy", "not this", "a quiet song")
    assert await world.hear() == (rejected,)


async def test_audio_that_is_unfit_says_nothing_of_the_request() -> None:
    rejected = await rejection(World(FLAC[:-1]))
    assert (rejected.code, rejected.suggestion) == (None, None)


async def test_audio_behind_a_key_that_is_gone_is_rejected_at_once() -> None:
    world = World()
    world.keys_are_there = False
    (rejected,) = await world.hear()
    assert isinstance(rejected, ArtifactRejected)
    assert (rejected.reason, rejected.code, rejected.message) == (Reason.GONE, None, KEY_GONE)


async def test_audio_behind_a_key_that_stays_sealed_is_rejected_after_a_few_tries_without_saying_more() -> None:
    world = World()
    world.keys_can_be_opened = False
    for _ in range(MOST_CALLS - 1):
        with pytest.raises(Transient):
            await world.hear()
    (rejected,) = await world.hear()
    assert isinstance(rejected, ArtifactRejected)
    assert (rejected.reason, rejected.message) == (Reason.GONE, KEY_SEALED)


async def test_hearing_of_rejected_audio_again_says_the_same_and_fetches_nothing() -> None:
    world = World(FLAC[:-1])
    first = await rejection(world)
    assert await world.hear() == (first,)
    assert world.fetches() == MOST_TRIES


async def test_a_provider_that_hands_out_whole_audio_at_last_is_not_rejected() -> None:
    world = World(FLAC, breaks_after=50_000)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(Transient):
            await world.hear()
    world.offer_audio(copy(), FLAC)
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)


async def test_a_provider_that_still_renders_is_not_counted_against() -> None:
    world = World(then=Working())
    for _ in range(20):
        with pytest.raises(Transient):
            await world.hear()
    assert world.row().tries == NO_TRIES


async def test_the_next_attempt_takes_over_what_was_rejected_and_frees_the_old_copy() -> None:
    world = World(FLAC[:-1])
    await rejection(world)
    world.offer_audio(copy(2), FLAC)
    (stored,) = await world.hear(generated(2))
    assert isinstance(stored, ArtifactStored)
    assert stored.attempt == 2
    assert (world.state_of_copy(1), world.state_of_copy(2)) == (CopyState.DUE, CopyState.KEPT)


async def test_a_body_announced_as_too_large_is_not_even_begun() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return MOST_BYTES + 1

    world = World(Huge(FLAC))
    rejected = await rejection(world)
    assert (rejected.reason, world.fetches()) == (Reason.TOO_LARGE, 1)


async def test_an_object_store_that_is_away_costs_no_try_and_leaves_nothing() -> None:
    world = World()
    world.objects.available = False
    for _ in range(10):
        with pytest.raises(Transient):
            await world.hear()
    world.objects.available = True
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)


async def test_an_object_store_that_goes_away_meanwhile_costs_no_try() -> None:
    world = World()
    pieces = 0

    async def go_away() -> None:
        nonlocal pieces
        pieces += 1
        world.objects.available = pieces < 3

    world.provider.on_piece = go_away
    with pytest.raises(Transient):
        await world.hear()
    assert (world.row().tries, world.row().token) == (NO_TRIES, None)
    assert world.nothing_is_left_behind()


async def test_a_fetch_that_is_cancelled_leaves_nothing_and_can_be_taken_over_at_once() -> None:
    world = World()
    begun, forever = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        await forever.wait()

    world.provider.on_piece = wait
    task = asyncio.create_task(world.hear())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.nothing_is_left_behind()
    world.provider.on_piece = None
    (stored,) = await world.hear()
    assert isinstance(stored, ArtifactStored)


async def test_a_fetch_whose_claim_was_taken_over_completes_nothing() -> None:
    world = World()

    async def lose() -> None:
        world.clock.move(LEASE + timedelta(seconds=1))
        assert isinstance(await world.keeping.outputs.claim(copy(), lease=LEASE), Claim)
        world.provider.on_piece = None

    world.provider.on_piece = lose
    with pytest.raises(Transient):
        await world.hear()
    assert world.nothing_is_left_behind()
    assert world.row().leased(world.clock.now()), "the other one's claim stands"


@pytest.mark.parametrize(("sellers", "open_at_once"), [(1, OF_ONE_SELLER), (2, AT_ONCE), (6, AT_ONCE)])
async def test_only_so_many_bodies_are_taken_in_at_once(sellers: int, open_at_once: int) -> None:
    world = World()
    names = [f"job-{number}" for number in range(3 * AT_ONCE)]
    for name in names:
        world.jobs[name] = job(id=name)
        world.offer_audio(copy(job_id=name), FLAC)

    world.provider.on_piece = others_run
    news = [
        generated(job_id=name).model_copy(update={"seller_id": f"seller-{number % sellers}"})
        for number, name in enumerate(names)
    ]
    said = await asyncio.gather(*(world.hear(each) for each in news))
    assert all(isinstance(fact, ArtifactStored) for (fact,) in said)
    assert world.provider.most_open == open_at_once
