"""One attempt: what is sent, what is noted, what is said."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from services.webhooks.domain.answer import Answer, Answered, NotSent, Unanswered
from services.webhooks.domain.delivery import Delivery, of_job
from services.webhooks.handlers.send_attempt import send_attempt
from shared.contracts.market_events import DeliveryExhausted, DeliverySucceeded
from shared.contracts.records.delivery import DeliveryRecord, DeliveryState
from shared.contracts.records.job import JobRecord
from shared.kernel.secret import Secret
from tests.unit.services.webhooks.samples import AT, BUYER, OLDER_SECRET, SECRET, delivery, job
from tests.unit.services.webhooks.world import World


async def added(world: World, ended: JobRecord | None = None) -> Delivery:
    ended = ended or job()
    world.jobs.put(ended)
    wanted = of_job(ended)
    assert wanted is not None
    await world.deliveries.add(wanted)
    return wanted


async def attempted(world: World, wanted: Delivery, *answers: Answer) -> DeliveryRecord:
    """The record after an attempt for each answer, all of them made as soon as they are due."""
    world.receiver.answers += answers
    for _ in answers:
        record = world.deliveries.record(wanted.id)
        assert record.next_attempt_at is not None
        world.clock.move(max(record.next_attempt_at - world.clock.now(), timedelta()))
        await world.attempt(await world.claimed(wanted.id))
    return world.deliveries.record(wanted.id)


async def test_the_buyer_gets_the_job_as_get_shows_it_signed(world: World) -> None:
    ended = job()
    wanted = await added(world, ended)
    await attempted(world, wanted, Answered(200))
    [post] = world.receiver.got
    body = json.loads(post.body)
    assert (body["type"], body["timestamp"]) == ("music.generation.succeeded", "2026-03-04T12:00:00.000Z")
    assert (body["data"]["id"], body["data"]["metadata"]) == (ended.id, {"order": "42"})
    assert body["data"]["usage"]["settlement_status"] == "confirmed"
    assert post.headers["Content-Type"] == "application/json"
    signature = Webhook(SECRET.reveal()).sign(wanted.message_id, AT, post.body.decode())
    assert post.headers["webhook-signature"] == signature


async def test_a_delivered_one_is_noted_and_said(world: World) -> None:
    wanted = await added(world)
    record = await attempted(world, wanted, Answered(204))
    assert record.state is DeliveryState.SUCCEEDED
    assert [(line.number, line.at, line.status, line.error) for line in record.log] == [(1, AT, 204, None)]
    assert world.heard.facts == [DeliverySucceeded(delivery_id=wanted.id, buyer_id=BUYER, attempts=1)]
    assert await world.deliveries.untold(for_at_least=timedelta(), limit=10) == []


async def test_the_next_attempt_has_the_same_id_a_new_time_and_fresh_links(world: World) -> None:
    wanted = await added(world)
    await attempted(world, wanted, Answered(500), Answered(200))
    first, second = world.receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == wanted.message_id
    times = [int(post.headers["webhook-timestamp"]) for post in (first, second)]
    assert times[1] - times[0] == 5
    links = [json.loads(post.body)["data"]["results"][0]["url"] for post in (first, second)]
    assert links == ["https://objects.example/120000", "https://objects.example/120005"]


async def test_an_attempt_is_signed_with_every_secret_of_its_own_time(world: World) -> None:
    wanted = await added(world)
    await attempted(world, wanted, Answered(500))
    world.secrets.put(BUYER, OLDER_SECRET, SECRET)
    await attempted(world, wanted, Answered(200))
    signatures = [post.headers["webhook-signature"].split(" ") for post in world.receiver.got]
    assert [len(each) for each in signatures] == [1, 2]


async def test_failures_go_down_the_whole_ladder_and_then_it_is_exhausted(world: World) -> None:
    wanted = await added(world)
    record = await attempted(world, wanted, *[Answered(500), Unanswered("timeout")] * 5, Answered(500))
    assert record.state is DeliveryState.EXHAUSTED
    assert [line.number for line in record.log] == list(range(1, 12))
    assert {line.error for line in record.log} == {"status 500", "timeout"}
    assert timedelta(hours=75) < world.clock.now() - AT < timedelta(hours=76)
    assert world.heard.facts == [
        DeliveryExhausted(delivery_id=wanted.id, buyer_id=BUYER, attempts=11, reason="status 500")
    ]


async def test_a_receiver_that_is_gone_is_told_nothing_more(world: World) -> None:
    wanted = await added(world)
    assert (await attempted(world, wanted, Answered(410))).state is DeliveryState.EXHAUSTED
    assert isinstance(world.heard.facts[0], DeliveryExhausted)


async def test_a_url_that_is_not_allowed_is_given_up(world: World) -> None:
    wanted = await added(world)
    record = await attempted(world, wanted, NotSent("the URL is not allowed", for_good=True))
    assert (record.state, record.log[0].status) == (DeliveryState.EXHAUSTED, None)


async def test_without_a_secret_nothing_is_sent_and_it_is_tried_again(world: World) -> None:
    wanted = await added(world)
    world.secrets.put(BUYER)
    await world.attempt(await world.claimed(wanted.id))
    record = world.deliveries.record(wanted.id)
    assert (record.state, world.receiver.got) == (DeliveryState.PENDING, [])
    assert record.log[0].error == "the buyer has no webhook secret"


async def test_of_a_job_that_is_purged_nothing_can_be_told(world: World) -> None:
    wanted = await added(world)
    assert wanted.job_id is not None
    world.jobs.purge(wanted.job_id)
    await world.attempt(await world.claimed(wanted.id))
    assert world.deliveries.record(wanted.id).state is DeliveryState.EXHAUSTED


@pytest.mark.parametrize(
    ("answer", "state"), [(Answered(200), DeliveryState.SUCCEEDED), (Answered(500), DeliveryState.EXHAUSTED)], ids=str
)
async def test_a_test_is_sent_once(world: World, answer: Answer, state: DeliveryState) -> None:
    test = delivery(job_id=None, type="webhook.test")
    await world.deliveries.add(test)
    assert (await attempted(world, test, answer)).state is state
    assert json.loads(world.receiver.got[0].body)["data"] == {}


async def test_an_attempt_whose_lease_ended_meanwhile_neither_counts_nor_says(world: World) -> None:
    wanted = await added(world)

    async def overtake() -> None:
        world.receiver.meanwhile = None
        world.clock.move(timedelta(minutes=2))
        await world.attempt(await world.claimed(wanted.id))

    world.receiver.meanwhile = overtake
    await world.attempt(await world.claimed(wanted.id))
    assert len(world.receiver.got) == 2
    assert len({post.headers["webhook-id"] for post in world.receiver.got}) == 1
    assert world.deliveries.record(wanted.id).attempts == 1
    assert len(world.heard.facts) == 1


async def test_a_retry_asked_for_during_an_attempt_follows_its_failure_at_once(world: World) -> None:
    wanted = await added(world)
    world.receiver.meanwhile = lambda: world.deliveries.retry(wanted.id, BUYER, "first")
    await attempted(world, wanted, Answered(410))
    assert [due.id for due in await world.deliveries.due(past_hosts=(), limit=10)] == [wanted.id]
    assert world.heard.facts == []


async def test_without_a_broker_it_is_delivered_and_said_later(world: World) -> None:
    wanted = await added(world)
    world.heard.broken = True
    assert (await attempted(world, wanted, Answered(200))).state is DeliveryState.SUCCEEDED
    [outcome] = await world.deliveries.untold(for_at_least=timedelta(), limit=10)
    assert outcome.delivery_id == wanted.id


class Stalled:
    """``Secrets`` of a database that does not answer."""

    async def current(self, buyer_id: str) -> Sequence[Secret]:
        raise TimeoutError


async def test_a_preparation_that_takes_too_long_sends_nothing(world: World) -> None:
    wanted = await added(world)
    stalled = replace(world.sending, composing=replace(world.sending.composing, secrets=Stalled()))
    with pytest.raises(TimeoutError):
        await send_attempt(await world.claimed(wanted.id), stalled)
    assert world.receiver.got == []
