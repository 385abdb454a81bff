"""Wherever a process dies, another brings the delivery to its end: nothing lost, nothing under another id."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from services.webhooks.domain.answer import Answer, Answered
from services.webhooks.domain.ladder import LADDER
from services.webhooks.handlers.conclude_attempt import Concluding, conclude_attempt
from services.webhooks.handlers.record_delivery import record_delivery
from services.webhooks.handlers.send_attempt import Sending, send_attempt
from services.webhooks.handlers.tell_outcomes import tell_overdue
from shared.contracts.market_events import DeliveryEvent, DeliveryExhausted, DeliverySucceeded
from shared.contracts.records.delivery import DeliveryState
from shared.contracts.records.job import JobRecord
from tests.kit.crashes import Died, Fate
from tests.unit.services.webhooks.samples import ending, job
from tests.unit.services.webhooks.world import LEASE, World

CALLS_OF_A_LIFE = [
    "jobs.find",
    "deliveries.add",
    "deliveries.claim",
    "secrets.current",
    "jobs.find",
    "receiver.post",
    "deliveries.conclude",
    "announcer.say",
    "deliveries.told",
]


@dataclass(frozen=True)
class Process:
    """What one process works with."""

    deliveries: Any
    sending: Sending
    concluding: Concluding


def alive(world: World) -> Process:
    return Process(world.deliveries, world.sending, world.concluding)


def doomed(world: World, fate: Fate) -> Process:
    """The process as it lives until its fate."""
    jobs, secrets = fate.doomed(world.jobs, "jobs"), fate.doomed(world.secrets, "secrets")
    deliveries = fate.doomed(world.deliveries, "deliveries")
    return Process(
        deliveries,
        replace(
            world.sending,
            composing=replace(world.sending.composing, jobs=jobs, secrets=secrets),
            receiver=fate.doomed(world.receiver, "receiver"),
        ),
        replace(world.concluding, deliveries=deliveries, announcer=fate.doomed(world.heard, "announcer")),
    )


async def live(world: World, of: JobRecord, process: Process) -> None:
    """What a process does for one ending, from its news to the next attempt."""
    jobs, deliveries = process.sending.composing.jobs, process.deliveries
    await record_delivery(ending(of), jobs=jobs, deliveries=deliveries, wake=world.wake)
    for due in await world.deliveries.due(past_hosts=(), limit=10):
        claimed = await deliveries.claim(due.id, lease=LEASE)
        if claimed is not None:
            await conclude_attempt(await send_attempt(claimed, process.sending), process.concluding)


async def go_on(world: World, of: JobRecord) -> None:
    """What the other processes do: the news come again, leases end, sweeps come round."""
    for _ in range(len(LADDER) + 1):
        await live(world, of, alive(world))
        world.clock.move(timedelta(days=2))
        await tell_overdue(deliveries=world.deliveries, announcer=world.heard)


async def died(world: World, of: JobRecord, fate: Fate) -> bool:
    try:
        await live(world, of, doomed(world, fate))
    except Died:
        return True
    return False


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, len(CALLS_OF_A_LIFE) + 1))
@pytest.mark.parametrize(
    ("answers", "state", "fact"),
    [
        ([], DeliveryState.SUCCEEDED, DeliverySucceeded),
        ([Answered(410)] * 3, DeliveryState.EXHAUSTED, DeliveryExhausted),
    ],
    ids=["delivered", "gone"],
)
async def test_it_is_heard_and_said_wherever_a_process_died(
    answers: list[Answer], state: DeliveryState, fact: type[DeliveryEvent], at: int, after: bool
) -> None:
    world, of = World(), job()
    world.jobs.put(of)
    world.receiver.answers = list(answers)
    assert await died(world, of, Fate(at, after))
    await go_on(world, of)
    record = world.deliveries.record(f"{of.id}:succeeded")
    assert (record.state, record.attempts) == (state, 1)
    assert 1 <= len(world.receiver.got) <= 2
    assert len({post.headers["webhook-id"] for post in world.receiver.got}) == 1
    assert {type(said) for said in world.heard.facts} == {fact}
    assert len({said.event_id for said in world.heard.facts}) == 1


async def test_every_call_of_a_life_was_tried() -> None:
    world, of, fate = World(), job(), Fate()
    world.jobs.put(of)
    assert not await died(world, of, fate)
    assert fate.calls == CALLS_OF_A_LIFE
