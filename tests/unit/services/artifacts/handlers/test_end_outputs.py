"""When a job ends, its buyer's audio stays, and everything else goes."""

import pytest

from services.artifacts.domain.copies import CopyState
from shared.contracts.records.artifact import ArtifactState
from shared.kernel.errors import Transient
from tests.unit.services.artifacts.story import expired, succeeded
from tests.unit.services.artifacts.world import World


async def test_a_succeeded_job_keeps_its_object_and_frees_the_copy() -> None:
    world = World()
    await world.hear()
    await world.end(succeeded())
    assert len(world.objects.kept) == 1
    assert (world.row().state, world.state_of_copy()) == (ArtifactState.STORED, CopyState.DUE)


async def test_an_object_of_a_job_that_ended_without_it_is_removed() -> None:
    world = World()
    await world.hear()
    await world.end(expired())
    assert not world.objects.kept
    assert (world.row().state, world.state_of_copy()) == (ArtifactState.EXPIRED, CopyState.DUE)


async def test_an_ending_is_heard_again_until_the_object_is_removed() -> None:
    world = World()
    await world.hear()
    world.objects.available = False
    with pytest.raises(Transient):
        await world.end(expired())
    assert world.row().state is ArtifactState.STORED
    world.objects.available = True
    await world.end(expired())
    assert (world.row().state, world.objects.kept) == (ArtifactState.EXPIRED, {})


async def test_a_job_that_left_nothing_ends_quietly() -> None:
    world = World()
    await world.end(expired())
    await world.end(succeeded())
    assert not world.rows


async def test_hearing_an_ending_twice_changes_nothing() -> None:
    world = World()
    await world.hear()
    await world.end(succeeded())
    await world.end(succeeded())
    assert (len(world.objects.kept), world.row().state) == (1, ArtifactState.STORED)
