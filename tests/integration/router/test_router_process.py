"""Routers as they run: on a real broker and database, against a provider that answers, refuses, drops and stalls."""

import asyncio
from datetime import timedelta

from services.router.ports import INTENT_LIVES
from shared.contracts.job_events import JobRouted
from shared.contracts.market_events import OfferChanged, OfferStandingChanged
from tests.integration.router.stage import Stage
from tests.kit.waiting import eventually, happens
from tests.unit.services.router.market import AT, MODEL, failed


async def routed(stage: Stage, job_id: str) -> JobRouted:
    (answer, *_) = await happens(lambda: stage.answers(job_id), within=20)
    assert isinstance(answer, JobRouted)
    return answer


async def test_a_job_goes_to_the_cheapest_offer_with_its_own_key(stage: Stage) -> None:
    await stage.open_offer("dear", 9_000)
    cheap = await stage.open_offer("cheap", 6_000)
    async with stage.router() as router:
        job = await stage.make_job()
        await stage.ears.say(job)
        answer = await routed(stage, job.job_id)
        assert await router.stop() == 0
    assert (answer.offer_id, answer.attempt) == (cheap.id, 1)
    (known,) = await stage.provider.jobs()
    assert known["queue_id"] == answer.provider_job_id
    assert (await stage.submits("cheap"), await stage.submits("dear")) == (1, 0)
    standing = await stage.database["standings"].find_one({"_id": cheap.id})
    assert standing is not None
    assert (standing["in_flight"], standing["spent"]) == (1, 18_000)
    log = router.log.read_text()
    assert "sim-cheap" not in log
    assert f'"job_id": "{job.job_id}"' in log


async def test_what_is_said_twice_to_two_routers_is_submitted_once(stage: Stage) -> None:
    await stage.open_offer("only", 6_000)
    async with stage.router(), stage.router():
        jobs = [await stage.make_job() for _ in range(20)]
        await asyncio.gather(*(stage.ears.say(job) for job in jobs * 2))
        for job in jobs:
            await routed(stage, job.job_id)
    assert await stage.submits("only") == len(jobs)
    assert {state for job in jobs for state in await stage.attempts(job.job_id)} == {(1, "submitted")}


async def test_an_answer_that_was_lost_is_unknown_and_the_next_offer_gets_the_job(stage: Stage) -> None:
    await stage.open_offer("drop", 6_000)
    await stage.open_offer("next", 7_000)
    await stage.provider.misbehave({"do": "accept_then_drop", "on": "queue", "key": "sim-drop"})
    async with stage.router():
        job = await stage.make_job()
        await stage.ears.say(job)
        assert (await routed(stage, job.job_id)).attempt == 2
    assert await stage.attempts(job.job_id) == [(1, "unknown"), (2, "submitted")]


async def test_a_provider_that_cannot_be_reached_is_refused_without_doubt(stage: Stage) -> None:
    await stage.open_offer("none", 6_000, base_url="http://127.0.0.1:9/api/v1")
    await stage.open_offer("next", 7_000)
    async with stage.router():
        job = await stage.make_job()
        await stage.ears.say(job)
        await routed(stage, job.job_id)
    assert await stage.attempts(job.job_id) == [(1, "refused"), (2, "submitted")]


async def test_a_refused_key_shuts_the_offer_until_its_seller_has_changed_it(stage: Stage) -> None:
    shut = await stage.open_offer("shut", 6_000)
    await stage.open_offer("next", 7_000)
    await stage.provider.misbehave({"do": "refuse", "on": "queue", "key": "sim-shut", "status": 401, "times": 1})
    async with stage.router():
        first, second = await stage.make_job(), await stage.make_job()
        await stage.ears.say(first)
        assert (await routed(stage, first.job_id)).attempt == 2
        await stage.database["offers"].update_one({"_id": shut.id}, {"$set": {"revision": 2}})
        changed = OfferChanged(offer_id=shut.id, revision=2, seller_id=shut.seller_id, model=MODEL.id, status="active")
        await stage.ears.say(changed)
        await happens(
            lambda: any(
                isinstance(said, OfferStandingChanged) and said.offer_id == shut.id and said.health == "healthy"
                for said in stage.ears.heard
            ),
            within=20,
        )
        await stage.ears.say(second)
        assert (await routed(stage, second.job_id)).offer_id == shut.id


async def test_a_router_killed_while_it_submits_leaves_an_unknown_attempt_and_no_second_submit(stage: Stage) -> None:
    await stage.open_offer("slow", 6_000)
    await stage.open_offer("next", 7_000)
    await stage.provider.misbehave({"do": "slow", "on": "queue", "key": "sim-slow", "seconds": 30})
    job = await stage.make_job()
    async with stage.router() as doomed:
        await stage.ears.say(job)
        await eventually(lambda: stage.attempts(job.job_id), within=20)
        await doomed.kill()
    assert await stage.attempts(job.job_id) == [(1, "intended")]
    aged = {"$set": {"intended_at": AT - INTENT_LIVES}}
    await stage.database["attempts"].update_one({"job_id": job.job_id}, aged)
    async with stage.router():
        answer = await routed(stage, job.job_id)
    assert answer.attempt == 2
    assert await stage.attempts(job.job_id) == [(1, "unknown"), (2, "submitted")]
    assert await stage.submits("slow") <= 1


async def test_a_router_told_to_stop_while_it_hands_over_a_job_that_waited_hears_the_answer_and_says_it(
    stage: Stage,
) -> None:
    await stage.open_offer("busy", 6_000)
    await stage.provider.misbehave(
        {"do": "refuse", "on": "queue", "key": "sim-busy", "status": 429, "retry_after": 1, "times": 1},
        {"do": "slow", "on": "queue", "key": "sim-busy", "seconds": 4},
    )
    job = await stage.make_job()
    async with stage.router() as router:
        await stage.ears.say(job)

        async def handed_over_again() -> bool:
            return (2, "intended") in await stage.attempts(job.job_id)

        await eventually(handed_over_again, within=20)
        assert await router.stop() == 0
    assert await stage.attempts(job.job_id) == [(1, "refused"), (2, "submitted")]
    assert (await routed(stage, job.job_id)).attempt == 2


async def test_an_ending_frees_the_place(stage: Stage) -> None:
    only = await stage.open_offer("only", 6_000, max_concurrent=1)
    async with stage.router():
        first, second = await stage.make_job(), await stage.make_job()
        await stage.ears.say(first)
        await routed(stage, first.job_id)
        await stage.ears.say(second)
        ending = failed(first.job_id, AT + timedelta(minutes=1))
        assert stage.answers(second.job_id) == []
        await stage.ears.say(ending)
        await routed(stage, second.job_id)
    assert await stage.attempts(first.job_id) == [(1, "failed")]
    standing = await stage.database["standings"].find_one({"_id": only.id})
    assert standing is not None
    assert standing["in_flight"] == 1
