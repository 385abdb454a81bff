"""What the router reads of others: the same in memory and in their collections."""

from collections.abc import Sequence
from datetime import timedelta

from shared.contracts.records.artifact import ArtifactRecord, ArtifactState
from shared.contracts.records.job import JobRecord, JobStatus
from shared.kernel.clock import in_millis
from shared.market.book import Entry
from shared.market.offers import FeeOnly, OfferStatus
from shared.market.own import Own, OwnRole
from tests.contract.services.router.worlds import World
from tests.unit.services.router.market import MODEL, job, offer

MINUTE = timedelta(minutes=1)


def by_id(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    return sorted((entry.offer.id, entry.revision) for entry in entries)


async def test_an_offer_is_read_as_its_seller_left_it(world: World) -> None:
    wanted = offer()
    await world.put_offer(wanted, 3)
    assert await world.offers.find("offer") == Entry(wanted, 3)
    assert await world.offers.find("another") is None


async def test_a_buyers_own_provider_is_read_as_one(world: World) -> None:
    own = offer(terms=FeeOnly(), own=Own(OwnRole.PRIORITY, (MODEL.id,)))
    await world.put_offer(own, 1)
    assert await world.offers.find("offer") == Entry(own, 1)
    assert by_id(await world.offers.standing()) == [("offer", 1)]


async def test_every_offer_that_is_not_withdrawn_stands(world: World) -> None:
    for status in OfferStatus:
        await world.put_offer(offer(status.value, status=status), 1)
    await world.put_offer(offer("other", model="other-model"), 2)
    assert by_id(await world.offers.standing()) == [("active", 1), ("other", 2), ("unverified", 1)]
    assert by_id(await world.offers.standing_for("other-model")) == [("other", 2)]


async def test_a_withdrawn_offer_can_still_be_read(world: World) -> None:
    await world.put_offer(offer(status=OfferStatus.WITHDRAWN), 2)
    entry = await world.offers.find("offer")
    assert entry is not None
    assert entry.offer.status is OfferStatus.WITHDRAWN


async def test_a_job_is_read_whole(world: World) -> None:
    await world.put_job(job())
    assert await world.jobs.find("job") == job()
    assert await world.jobs.find("another") is None


async def test_only_jobs_in_time_that_wait_for_long_are_queued_those_due_first(world: World) -> None:
    now = in_millis(world.clock.now())

    def made(
        job_id: str, age: timedelta, left: timedelta = 5 * MINUTE, status: JobStatus = JobStatus.QUEUED
    ) -> JobRecord:
        return job(job_id, created_at=now - age, expires_at=now + left, status=status)

    for each in (
        made("second", 3 * MINUTE),
        made("first", 2 * MINUTE, 4 * MINUTE),
        made("young", MINUTE / 2),
        made("late", 2 * MINUTE, -MINUTE),
        made("routed", 2 * MINUTE, status=JobStatus.SUBMITTED),
    ):
        await world.put_job(each)
    assert await world.jobs.queued(MINUTE, 10) == ["first", "second"]
    assert await world.jobs.queued(MINUTE, 1) == ["first"]
    assert await world.jobs.queued(MINUTE, 1, without={"first"}) == ["second"]
    assert await world.jobs.queued(MINUTE, 10, without={"first", "second"}) == []


async def test_the_outputs_of_a_job_are_its_own(world: World) -> None:
    mine = ArtifactRecord("job", 0, 2, ArtifactState.CLAIMED, None)
    await world.put_artifact(mine)
    await world.put_artifact(ArtifactRecord("other", 0, 1, ArtifactState.STORED, None))
    assert await world.artifacts.of_job("job") == [mine]
    assert await world.artifacts.of_job("nobody") == []
