"""Attempts: stored once, moved only from where they stand, closed for good."""

import asyncio
from datetime import timedelta

import pytest

from services.router.domain.closing import Closing
from services.router.ports import INTENT_LIVES, Saved
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.kernel.clock import in_millis
from tests.contract.services.router.worlds import World
from tests.unit.services.router.market import attempt, offer

S = AttemptState
UNKNOWN = Closing(S.UNKNOWN, None, "no answer")
REFUSED = Closing(S.REFUSED, "backoff", "full")
FAILED = Closing(S.FAILED, "provider_error", "it broke")


async def intended(world: World, number: int = 1, **changes: object) -> AttemptRecord:
    stored = await world.attempts.intend(attempt(number, **changes))  # type: ignore[arg-type]
    assert stored is not None
    return stored


async def submitted(world: World, number: int = 1, provider_job_id: str = "theirs") -> AttemptRecord:
    made = await intended(world, number)
    assert await world.attempts.submitted(made, provider_job_id, in_millis(world.clock.now())) is Saved.STORED
    return (await world.attempts.of_job(made.job_id))[number - 1]


async def test_an_intent_comes_back_as_it_was_stored_but_dated_by_the_database(world: World) -> None:
    wanted = attempt()
    stored = await world.attempts.intend(wanted)
    assert stored is not None
    assert abs(stored.intended_at - world.clock.now()) < timedelta(seconds=30)
    assert [stored] == await world.attempts.of_job("job")
    assert {stored.id: stored} == await world.attempts.with_ids([stored.id, "job:9"])


async def test_of_two_routers_that_intend_one_number_exactly_one_wins(world: World) -> None:
    rivals = [attempt(at=offer(name)) for name in "abcdefgh"]
    stored = await asyncio.gather(*(world.attempts.intend(rival) for rival in rivals))
    winners = [one for one in stored if one is not None]
    assert len(winners) == 1
    assert await world.attempts.of_job("job") == winners


async def test_an_intent_that_is_stored_again_by_the_same_router_is_its_own(world: World) -> None:
    first = await intended(world)
    assert await world.attempts.intend(attempt()) == first


async def test_attempts_come_in_the_order_of_their_numbers(world: World) -> None:
    for number in (2, 10, 1):
        await intended(world, number)
    assert [one.number for one in await world.attempts.of_job("job")] == [1, 2, 10]


async def test_a_dropped_intent_leaves_its_number_free(world: World) -> None:
    made = await intended(world)
    assert await world.attempts.drop(made)
    assert not await world.attempts.drop(made)
    assert await world.attempts.of_job("job") == []
    await intended(world)


async def test_nobody_drops_the_intent_of_another_router(world: World) -> None:
    made = await intended(world)
    assert not await world.attempts.drop(attempt(at=offer("other")))
    assert await world.attempts.of_job("job") == [made]


async def test_what_was_submitted_cannot_be_dropped(world: World) -> None:
    assert not await world.attempts.drop(await submitted(world))


async def test_an_accepted_job_is_stored_with_its_providers_id(world: World) -> None:
    made, routed_at = await intended(world), in_millis(world.clock.now())
    assert await world.attempts.submitted(made, "theirs", routed_at) is Saved.STORED
    (stored,) = await world.attempts.of_job("job")
    assert (stored.state, stored.provider_job_id, stored.routed_at) == (S.SUBMITTED, "theirs", routed_at)
    assert await world.attempts.holder_of(made.seller_id, "theirs") == stored


async def test_storing_the_same_id_again_is_storing_it(world: World) -> None:
    made = await submitted(world)
    assert await world.attempts.submitted(made, "theirs", in_millis(world.clock.now())) is Saved.STORED


async def test_an_id_that_comes_too_late_stays_on_the_record_and_moves_nothing(world: World) -> None:
    made = await intended(world)
    assert await world.attempts.close(made, UNKNOWN)
    assert await world.attempts.submitted(made, "theirs", in_millis(world.clock.now())) is Saved.SUPERSEDED
    (stored,) = await world.attempts.of_job("job")
    assert (stored.state, stored.provider_job_id) == (S.UNKNOWN, "theirs")


async def test_one_id_of_a_seller_belongs_to_one_job(world: World) -> None:
    await submitted(world)
    other = await intended(world, job_id="other")
    assert await world.attempts.submitted(other, "theirs", in_millis(world.clock.now())) is Saved.TAKEN
    (stored,) = await world.attempts.of_job("other")
    assert (stored.state, stored.provider_job_id) == (S.INTENDED, None)


async def test_two_sellers_may_give_the_same_id(world: World) -> None:
    await submitted(world)
    other = await intended(world, job_id="other", at=offer("another"))
    assert await world.attempts.submitted(other, "theirs", in_millis(world.clock.now())) is Saved.STORED


@pytest.mark.parametrize("closing", [UNKNOWN, REFUSED, Closing(S.FAULTY, "content_policy", "no"), FAILED])
async def test_an_attempt_is_closed_once_and_then_for_good(world: World, closing: Closing) -> None:
    made = await submitted(world) if closing is FAILED else await intended(world)
    assert await world.attempts.close(made, closing)
    assert not await world.attempts.close(made, UNKNOWN)
    assert not await world.attempts.close(made, closing)
    (stored,) = await world.attempts.of_job("job")
    assert (stored.state, stored.code, stored.reason) == (closing.state, closing.code, closing.reason)
    assert stored.closed_at is not None


async def test_a_refusal_comes_too_late_for_what_was_submitted(world: World) -> None:
    assert not await world.attempts.close(await submitted(world), REFUSED)


async def test_an_intent_cannot_fail_before_it_was_submitted(world: World) -> None:
    assert not await world.attempts.close(await intended(world), FAILED)


async def test_a_young_intent_belongs_to_a_live_router(world: World) -> None:
    made = await intended(world)
    await world.age(INTENT_LIVES - timedelta(seconds=20))
    assert not await world.attempts.abandon(made)


async def test_an_old_intent_becomes_unknown_once(world: World) -> None:
    made = await intended(world)
    await world.age(INTENT_LIVES)
    assert await world.attempts.abandon(made)
    assert not await world.attempts.abandon(made)
    (stored,) = await world.attempts.of_job("job")
    assert stored.state is S.UNKNOWN


async def test_a_submitted_attempt_is_never_abandoned(world: World) -> None:
    made = await submitted(world)
    await world.age(INTENT_LIVES * 2)
    assert not await world.attempts.abandon(made)


async def test_a_sign_of_life_is_noted_only_while_a_provider_has_the_job(world: World) -> None:
    made = await intended(world)
    assert not await world.attempts.seen("job", 1)
    await world.attempts.submitted(made, "theirs", in_millis(world.clock.now()))
    assert await world.attempts.seen("job", 1)
    assert not await world.attempts.seen("job", 2)
    (stored,) = await world.attempts.of_job("job")
    assert stored.seen_at is not None
    await world.attempts.close(stored, FAILED)
    assert not await world.attempts.seen("job", 1)


async def test_the_holder_of_an_unknown_id_is_nobody(world: World) -> None:
    assert await world.attempts.holder_of("seller", "theirs") is None
