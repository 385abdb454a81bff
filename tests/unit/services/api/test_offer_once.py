"""An offer with an idempotency key is made once, whatever happens to those who make it."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta

import pytest

from services.api.domain.claim import LEASE
from services.api.domain.order import IdempotencyKey
from services.api.domain.refusals import IdempotencyInFlight, IdempotencyKeyReused, ModelNotFound, ServiceUnavailable
from services.api.handlers.read_offers import list_offers
from services.api.handlers.withdraw_offer import withdraw_offer
from shared.kernel.ids import new_id
from tests.unit.services.api.test_offers_of_sellers import Stall

KEY = IdempotencyKey("mine", "a body")


@pytest.fixture
def stall() -> Stall:
    return Stall()


async def test_a_repetition_is_given_the_offer_that_was_made(stall: Stall) -> None:
    first = await stall.take_up(KEY)
    again = await stall.take_up(KEY)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.record == first.record
    assert len(stall.provider.asked("quote")) == 1


async def test_many_at_once_make_one_offer(stall: Stall) -> None:
    taken = await asyncio.gather(*(stall.take_up(KEY) for _ in range(10)))
    assert len({each.record.offer.id for each in taken}) == 1
    assert len(await list_offers(stall.seller, offers=stall.offers)) == 1


async def test_another_body_under_the_same_key_is_refused(stall: Stall) -> None:
    await stall.take_up(KEY)
    with pytest.raises(IdempotencyKeyReused):
        await stall.take_up(IdempotencyKey("mine", "another body"))


async def test_a_refused_request_leaves_the_key_free(stall: Stall) -> None:
    with pytest.raises(ModelNotFound):
        await stall.take_up(IdempotencyKey("mine", "a body without a model"), model="nothing")
    assert not (await stall.take_up(KEY)).replayed


async def test_who_comes_while_another_makes_it_waits_and_then_takes_over_from_the_dead(stall: Stall) -> None:
    dead = new_id()
    await stall.world.requests.claim(stall.seller, KEY.key, fingerprint=KEY.fingerprint, job_id=dead)
    taken = await stall.take_up(KEY)
    assert (taken.record.offer.id, taken.replayed) == (dead, False)
    assert stall.clock.monotonic() >= LEASE.total_seconds()


async def test_who_waits_too_long_is_told_to_come_again(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.api.adapters.memory_requests.LEASE", 10 * LEASE)
    await stall.world.requests.claim(stall.seller, KEY.key, fingerprint=KEY.fingerprint, job_id=new_id())
    with pytest.raises(IdempotencyInFlight):
        await stall.take_up(KEY)


async def test_a_withdrawn_offer_is_not_made_again(stall: Stall) -> None:
    first = await stall.take_up(KEY)
    await withdraw_offer(stall.seller, first.record.offer.id, world=stall.world)
    again = await stall.take_up(KEY)
    assert (again.record.offer.id, again.replayed) == (first.record.offer.id, True)


async def test_a_repetition_is_given_the_offer_though_its_place_cannot_be_looked_up(stall: Stall) -> None:
    first = await stall.take_up(KEY)
    stall.names.error = socket.gaierror(socket.EAI_AGAIN, "try again")
    assert (await stall.take_up(KEY)).record == first.record
    with pytest.raises(ServiceUnavailable):
        await stall.take_up(IdempotencyKey("another", "a body"))


async def test_a_refused_repetition_leaves_the_name_to_whoever_may_be_making_the_offer_still(stall: Stall) -> None:
    named = new_id()
    await stall.world.requests.claim(stall.seller, KEY.key, fingerprint=KEY.fingerprint, job_id=named)
    stall.clock.move(LEASE + timedelta(seconds=1))
    stall.names.error = socket.gaierror(socket.EAI_AGAIN, "try again")
    with pytest.raises(ServiceUnavailable):
        await stall.take_up(KEY)
    stall.names.error = None
    assert (await stall.take_up(KEY)).record.offer.id == named
