"""Audio from a provider into a bucket, and out of both again, on real servers."""

import asyncio
import hashlib
from datetime import timedelta

import pytest

from services.artifacts.adapters.s3_upload import PART
from shared.contracts.artifact_events import ArtifactExpired, ArtifactStored
from shared.contracts.records.artifact import ArtifactState, read_artifact
from tests.integration.artifacts.orders import known_to
from tests.integration.artifacts.workshop import Workshop, open_workshop
from tests.integration.simulator.caller import Caller
from tests.servers.servers import Bucket
from tests.unit.services.artifacts.story import expired, succeeded


@pytest.mark.parametrize("model", ["elevenlabs-music", "stable-audio-25"])
async def test_a_job_costs_one_retrieve_and_one_completion(workshop: Workshop, model: str) -> None:
    news = await workshop.order(model=model)
    (stored,), _ = await workshop.settle(news)
    assert isinstance(stored, ArtifactStored)
    assert stored.content_type.startswith("audio/")
    await workshop.tick("forget copies")
    assert (await known_to(workshop.provider, news))["completes"] == 0
    await workshop.database["jobs"].update_one({"_id": news.job_id}, {"$set": {"status": "succeeded"}})
    await workshop.hear(succeeded(news.job_id))
    await workshop.tick("forget copies")
    await workshop.tick("forget copies")
    again, _ = await workshop.settle(news)
    assert list(again) == []
    known = await known_to(workshop.provider, news)
    assert (known["full_retrieves"], known["completes"]) == (1, 1)
    assert known["deleted_at"] is not None


async def test_what_is_kept_is_what_the_provider_rendered(workshop: Workshop) -> None:
    news = await workshop.order()
    (stored,), _ = await workshop.settle(news)
    assert isinstance(stored, ArtifactStored)
    rendered = await workshop.provider.audio({"model": news.provider_model, "queue_id": news.provider_job_id})
    assert await workshop.kept(news) == {stored.key: rendered.body}
    assert stored.sha256 == hashlib.sha256(rendered.body).hexdigest()
    assert abs(stored.duration_millis - 3000) < 100
    assert read_artifact(await workshop.row(news)).state is ArtifactState.STORED


async def test_a_song_of_several_parts_is_kept_whole(workshop: Workshop) -> None:
    news = await workshop.order(model="stable-audio-25", seconds=90)
    (stored,), _ = await workshop.settle(news)
    assert isinstance(stored, ArtifactStored)
    assert stored.bytes > 2 * PART
    (data,) = (await workshop.kept(news)).values()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (stored.bytes, stored.sha256)
    assert await workshop.uploads() == 0


async def test_many_who_hear_of_one_job_fetch_it_once(workshop: Workshop) -> None:
    news = await workshop.order()
    outcomes = await asyncio.gather(*(workshop.settle(news) for _ in range(5)))
    assert len({said[0].model_dump_json() for said, _ in outcomes}) == 1
    assert (await known_to(workshop.provider, news))["full_retrieves"] == 1


async def test_audio_of_a_job_that_ended_unpaid_is_removed_here_and_there(workshop: Workshop) -> None:
    news = await workshop.order()
    await workshop.settle(news)
    await workshop.hear(expired(news.job_id))
    await workshop.tick("forget copies")
    assert await workshop.kept(news) == {}
    assert (await known_to(workshop.provider, news))["completes"] == 1


async def test_audio_that_comes_after_the_end_is_not_fetched_and_is_forgotten(workshop: Workshop) -> None:
    news = await workshop.order()
    await workshop.database["jobs"].update_one({"_id": news.job_id}, {"$set": {"status": "expired"}})
    said, _ = await workshop.settle(news)
    await workshop.tick("forget copies")
    known = await known_to(workshop.provider, news)
    assert (list(said), known["full_retrieves"], known["completes"]) == ([], 0, 1)


async def test_audio_is_gone_after_its_retention(
    mongo_url: str, database_name: str, object_store: Bucket, provider: Caller
) -> None:
    async with open_workshop(mongo_url, database_name, object_store, provider, ttl=1) as workshop:
        news = await workshop.order()
        await workshop.settle(news)
        await workshop.hear(succeeded(news.job_id))
        async with asyncio.timeout(20):
            while await workshop.kept(news):
                await workshop.tick("expire outputs")
        assert workshop.ears.said == [ArtifactExpired(job_id=news.job_id, kind="music", attempt=1, index=0)]
        assert (await workshop.row(news))["state"] == "expired"


async def test_a_deadline_that_has_passed_leaves_a_little_time_for_what_is_done(workshop: Workshop) -> None:
    (stored,), _ = await workshop.settle(await workshop.order(life=timedelta(seconds=-5)))
    assert isinstance(stored, ArtifactStored)
    said, _ = await workshop.settle(await workshop.order(life=timedelta(seconds=-60)))
    assert list(said) == []
