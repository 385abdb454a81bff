"""Messages become events for the use case that hears them, and what it says becomes messages."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from shared.contracts.addressed import Addressed, queue_name
from shared.contracts.envelope import disclose, enclose
from shared.contracts.event import Event
from shared.contracts.facts import broadcast_to
from shared.contracts.job_events import JobCreated, JobRouted, JobRunning
from shared.kernel.errors import Transient, Unusable
from shared.messaging.bus import OnBound
from shared.messaging.message import Handler, Message, Received
from shared.messaging.topology import Source
from shared.runtime.announcer import Announcer, Say
from shared.runtime.clock import SystemClock
from shared.runtime.subscriptions import Hears, Subscriptions, subscribe
from shared.runtime.tracing import begin_tracing, span
from shared.storage.mongo import UNAVAILABLE

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
ROUTED = JobRouted(
    job_id="job",
    kind="music",
    attempt=1,
    offer_id="offer",
    seller_id="seller",
    provider="venice",
    base_url="https://provider.example",
    key_id="key",
    model="m",
    provider_model="m",
    provider_job_id="p",
    routed_at=AT,
    expires_at=AT,
)
RUNNING = JobRunning(job_id="job", kind="music", attempt=1, started_at=AT, expected_seconds=None)
TRACE = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


class Line:
    """A bus and publisher that only remember what they are told."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.said: list[Message] = []

    @property
    def publisher(self) -> "Line":
        return self

    async def publish(self, *messages: Message, within: object = None) -> None:
        self.said += messages

    def subscribe(
        self, source: Source, handler: Handler, *, deadline: object = None, on_bound: OnBound | None = None
    ) -> None:
        self.handlers[source.name] = handler


async def nothing(_: Event) -> Sequence[Say]:
    return ()


def handler_of(hears: Hears) -> Handler:
    """What the poller's queue is answered with, when a routed job is heard by ``hears``."""
    line = Line()
    listens = {fact.event: nothing for fact in broadcast_to("poller")}
    subscribe("poller", Subscriptions({JobRouted: hears}, listens), line, Announcer(line, SystemClock()))  # type: ignore[arg-type]
    return line.handlers[queue_name("poller")]


def received(event: Event, traceparent: str | None = None) -> Received:
    return Received(event.routing_key, enclose(event, at=AT, traceparent=traceparent), event.event_id)


async def test_the_use_case_hears_the_event_itself() -> None:
    heard: list[Event] = []

    async def remember(event: Event) -> Sequence[Say]:
        heard.append(event)
        return ()

    assert await handler_of(remember)(received(ROUTED)) == []
    assert heard == [ROUTED]


async def test_what_it_says_is_enclosed_and_must_be_heard_where_the_catalogue_says_so() -> None:
    async def answer(_: Event) -> Sequence[Say]:
        return (RUNNING, Addressed(ROUTED, "poller"))

    everyone, straight = await handler_of(answer)(received(ROUTED))
    assert (everyone.routing_key, everyone.event_id, everyone.queue) == ("music.job.running", RUNNING.event_id, None)
    assert everyone.mandatory
    assert disclose(everyone.body).event == RUNNING
    assert straight.queue == "busker.poller"
    assert disclose(straight.body).event == ROUTED


async def test_a_trace_goes_on_from_message_to_message() -> None:
    provider = begin_tracing("poller", "")

    async def answer(_: Event) -> Sequence[Say]:
        return (RUNNING,)

    (said,) = await handler_of(answer)(received(ROUTED, TRACE))
    assert f"-{'a' * 32}-" in (disclose(said.body).traceparent or "")
    with span("another") as trace_id:
        assert trace_id != "a" * 32
    provider.shutdown()


async def test_a_message_that_is_no_event_of_ours_is_unusable() -> None:
    with pytest.raises(Unusable):
        await handler_of(nothing)(Received("music.job.routed", b"{}", ""))


async def test_an_event_that_is_not_for_this_queue_is_unusable() -> None:
    with pytest.raises(Unusable):
        await handler_of(nothing)(received(RUNNING))


@pytest.mark.parametrize("error", UNAVAILABLE)
async def test_a_database_that_is_away_is_a_reason_to_come_again(error: type[Exception]) -> None:
    async def fail(_: Event) -> Sequence[Say]:
        raise error("away")

    with pytest.raises(Transient):
        await handler_of(fail)(received(ROUTED))


def test_a_table_that_differs_from_the_catalogue_is_refused() -> None:
    line = Line()
    table = Subscriptions({JobRouted: nothing, JobCreated: nothing})
    with pytest.raises(ValueError, match=r"poller hears .* job\.created"):
        subscribe("poller", table, line, Announcer(line, SystemClock()))  # type: ignore[arg-type]
