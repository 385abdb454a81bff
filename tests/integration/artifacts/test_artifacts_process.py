"""Artifacts processes as they run: one, several, killed in the midst of a body, asked to stop."""

import asyncio
from typing import Any

from services.artifacts.handlers.hold_claim import LEASE
from shared.contracts.artifact_events import ArtifactExpired, ArtifactStored
from shared.contracts.job_events import JobGenerated
from tests.integration.artifacts.orders import known_to
from tests.integration.artifacts.stage import Stage
from tests.kit.waiting import eventually, happens
from tests.unit.services.artifacts.story import succeeded

SLOWLY = {"do": "trickle", "bytes_per_second": 30_000}


async def stored(stage: Stage, news: JobGenerated, within: float = 60) -> ArtifactStored:
    (said, *_) = await happens(lambda: stage.said_of(news), within=within)
    assert isinstance(said, ArtifactStored)
    return said


async def claimed(stage: Stage, news: JobGenerated) -> dict[str, Any]:
    """The row of an output that somebody is fetching."""

    async def row() -> Any:
        return await stage.database["artifacts"].find_one({"_id": f"{news.job_id}:0", "state": "claimed"})

    found: dict[str, Any] = await eventually(row, within=30)
    return found


async def test_a_job_goes_from_generated_to_forgotten_and_expired(stage: Stage) -> None:
    async with stage.keeper(MEDIA_ARTIFACT_TTL_SECONDS="5") as keeper:
        news = await stage.order()
        await stage.ears.say(news)
        said = await stored(stage, news)
        assert said.attempt == 1
        assert (await known_to(stage.provider, news))["completes"] == 0
        await stage.database["jobs"].update_one({"_id": news.job_id}, {"$set": {"status": "succeeded"}})
        await stage.ears.say(succeeded(news.job_id))

        async def forgotten() -> bool:
            return bool((await known_to(stage.provider, news))["completes"])

        await eventually(forgotten, within=30)
        await happens(lambda: any(isinstance(fact, ArtifactExpired) for fact in stage.said_of(news)), within=60)
        known = await known_to(stage.provider, news)
        assert (known["full_retrieves"], known["completes"]) == (1, 1)
        assert await keeper.stop() == 0
        log = keeper.log.read_text()
    assert stage.provider.key not in log
    assert stage.environment["AWS_SECRET_ACCESS_KEY"] not in log
    assert f'"job_id": "{news.job_id}"' in log


async def test_what_is_said_twice_to_two_processes_is_fetched_once(stage: Stage) -> None:
    async with stage.keeper(), stage.keeper():
        jobs = [await stage.order() for _ in range(8)]
        await asyncio.gather(*(stage.ears.say(news) for news in jobs * 2))
        for news in jobs:
            await stored(stage, news)
        for news in jobs:
            assert (await known_to(stage.provider, news))["full_retrieves"] == 1
            assert len({said.model_dump_json() for said in stage.said_of(news)}) == 1


async def test_a_body_whose_process_is_killed_is_taken_in_by_another(stage: Stage) -> None:
    async with stage.keeper() as first:
        news = await stage.order()
        await known_to(stage.provider, news)
        await stage.provider.audio({"model": news.provider_model, "queue_id": news.provider_job_id})
        await stage.provider.misbehave({**SLOWLY, "times": 1})
        await stage.ears.say(news)
        await claimed(stage, news)
        await first.kill()
        async with stage.keeper():
            began = asyncio.get_running_loop().time()
            await stored(stage, news)
            assert asyncio.get_running_loop().time() - began < 6 * LEASE.total_seconds()


async def test_a_process_that_is_asked_to_stop_hands_back_what_it_cannot_finish(stage: Stage) -> None:
    async with stage.keeper() as first:
        news = await stage.order(seconds=60, model="stable-audio-25")
        await stage.provider.audio({"model": news.provider_model, "queue_id": news.provider_job_id})
        await stage.provider.misbehave({**SLOWLY, "times": 1})
        await stage.ears.say(news)
        await claimed(stage, news)
        assert await first.stop() == 0
        assert not stage.said_of(news)
        row = await claimed(stage, news)
        assert row["lease_token"] is None
    async with stage.keeper():
        await stored(stage, news)
