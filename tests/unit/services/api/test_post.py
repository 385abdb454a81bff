"""The post: what arrives is forgotten where it was kept, what does not stays there."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services.api.adapters.memory_jobs import MemoryJobs
from services.api.adapters.post import MOST_UNDER_WAY, BusPost, open_post
from services.api.domain.creation import created
from services.api.domain.outbox import Letter
from services.api.handlers.relay_letters import relay_letters
from shared.contracts.envelope import disclose
from shared.contracts.job_events import JobCanceled, JobCancelRequested
from shared.messaging.failures import PublishFailed
from shared.messaging.message import Message
from shared.runtime.announcer import Announcer
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT, job

LATER = AT + timedelta(minutes=1)
JOB = job()


class Broker:
    """A publisher that holds back, or refuses, what it is given."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.refuses = False
        self.published: list[Message] = []

    async def publish(self, *messages: Message, within: timedelta | None = None) -> None:
        await self.open.wait()
        if self.refuses:
            raise PublishFailed("no")
        self.published += messages


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def post(broker: Broker) -> BusPost:
    return BusPost(Announcer(broker, StoppedClock(AT)), StoppedClock(AT))


@pytest.fixture
async def jobs(post: BusPost) -> MemoryJobs:
    kept = MemoryJobs()
    await kept.insert(JOB, letter(post))
    return kept


def letter(post: BusPost) -> Letter:
    return post.letter(created(JOB))


async def unsent(jobs: MemoryJobs) -> int:
    return len(await jobs.unsent(LATER, 5))


async def test_a_letter_holds_the_event_as_anyone_can_read_it(post: BusPost) -> None:
    sealed = letter(post)
    assert disclose(sealed.body).event == created(JOB)
    assert (sealed.routing_key, sealed.mandatory, sealed.at) == ("music.job.created", True, AT)


async def test_only_what_somebody_must_hear_is_mandatory(post: BusPost) -> None:
    wish = post.letter(JobCancelRequested(job_id=JOB.id, kind="music", buyer_id=JOB.buyer_id))
    assert not wish.mandatory
    assert JobCanceled.TYPE != JobCancelRequested.TYPE


async def test_sending_waits_for_nobody_and_what_arrived_is_forgotten(
    post: BusPost, broker: Broker, jobs: MemoryJobs
) -> None:
    broker.open.clear()
    post.send(jobs, JOB.id, letter(post))
    assert broker.published == []
    assert await unsent(jobs) == 1
    broker.open.set()
    await post.close()
    assert [message.event_id for message in broker.published] == [created(JOB).event_id]
    assert await unsent(jobs) == 0


async def test_what_the_broker_does_not_take_stays_and_is_relayed_when_it_does(
    post: BusPost, broker: Broker, jobs: MemoryJobs
) -> None:
    broker.refuses = True
    post.send(jobs, JOB.id, letter(post))
    await post.close()
    assert await unsent(jobs) == 1
    broker.refuses = False
    clock = StoppedClock(AT)
    clock.move(timedelta(seconds=6))
    await relay_letters(outboxes=[jobs], post=post, clock=clock)
    assert len(broker.published) == 1
    assert await unsent(jobs) == 0


async def test_a_letter_that_may_still_be_under_way_is_not_relayed(
    post: BusPost, broker: Broker, jobs: MemoryJobs
) -> None:
    clock = StoppedClock(AT)
    clock.move(timedelta(seconds=5))
    await relay_letters(outboxes=[jobs], post=post, clock=clock)
    assert broker.published == []


async def test_no_more_letters_are_under_way_than_there_is_room_for(
    post: BusPost, broker: Broker, jobs: MemoryJobs
) -> None:
    broker.open.clear()
    for _ in range(MOST_UNDER_WAY + 10):
        post.send(jobs, JOB.id, letter(post))
    broker.open.set()
    await post.close()
    assert len(broker.published) == MOST_UNDER_WAY


async def test_a_post_that_is_closed_leaves_what_did_not_arrive_in_its_outbox(
    broker: Broker, jobs: MemoryJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.adapters.post.LAST_WAIT", timedelta(milliseconds=10))
    broker.open.clear()
    async with open_post(Announcer(broker, StoppedClock(AT)), StoppedClock(AT)) as post:
        post.send(jobs, JOB.id, letter(post))
    assert await unsent(jobs) == 1
