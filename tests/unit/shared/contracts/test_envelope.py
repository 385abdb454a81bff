"""Events travel in CloudEvents envelopes and come out as they went in."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import disclose, enclose
from shared.contracts.event import Event
from shared.contracts.facts import FACTS
from shared.contracts.job_events import JobCreated, JobSucceeded
from shared.contracts.market_events import OfferChanged
from shared.kernel.errors import Unusable
from shared.kernel.money import Money

AT = datetime(2026, 5, 1, 12, 0, 0, 123_000, UTC)
EVENTS = sorted(FACTS)


EXAMPLES: dict[str, Any] = {
    "Money": Money(30_000),
    "datetime": AT,
    "dict[str, int]": {"an id": 3},
    "dict": {"prompt": "a tune"},
    "float": 20.5,
    "int": 3,
}
"""A plausible value by a word of the field's type; the first word that fits counts."""


def example(event: type[Event]) -> Event:
    """An event with a plausible value in every field."""
    return event(**{name: "music" if name == "kind" else _value(name, field) for name, field in _fields(event)})


def _fields(event: type[Event]) -> list[tuple[str, str]]:
    return [(name, str(field.annotation)) for name, field in event.model_fields.items()]


def _value(name: str, annotation: str) -> Any:
    return next((value for word, value in EXAMPLES.items() if word in annotation), f"some {name}")


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_comes_out_as_it_went_in(name: str) -> None:
    event = example(FACTS[name].event)
    heard = disclose(enclose(event, at=AT, traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01"))
    assert heard.event == event
    assert heard.time == AT
    assert heard.traceparent is not None


@pytest.mark.parametrize("name", EVENTS)
def test_the_envelope_is_a_cloud_event(name: str) -> None:
    event = example(FACTS[name].event)
    envelope = json.loads(enclose(event, at=AT, traceparent=None))
    assert envelope["specversion"] == "1.0"
    assert envelope["type"] == name
    assert envelope["source"] == f"/services/{FACTS[name].said_by}"
    assert envelope["subject"] == event.subject
    assert envelope["id"] == event.event_id
    assert envelope["dataschema"].endswith(":1")
    assert envelope["time"] == "2026-05-01T12:00:00.123000Z"


def test_the_same_fact_said_again_has_the_same_id() -> None:
    first, again = (example(JobSucceeded) for _ in range(2))
    assert first.event_id == again.event_id


def test_the_kind_leads_the_routing_key_where_there_is_one() -> None:
    assert example(JobSucceeded).routing_key == "music.job.succeeded"
    assert example(OfferChanged).routing_key == "offer.changed"


def test_money_travels_as_digits_and_instants_as_unix_seconds() -> None:
    data = json.loads(enclose(example(JobCreated), at=AT, traceparent=None))["data"]
    assert data["max_cost_usdc"] == "30000"
    assert data["created"] == pytest.approx(AT.timestamp())


def test_fields_that_a_reader_does_not_know_are_passed_over() -> None:
    envelope = json.loads(enclose(example(JobCreated), at=AT, traceparent=None))
    envelope["data"]["of_tomorrow"] = 1
    envelope["extension"] = "x"
    assert disclose(json.dumps(envelope).encode()).event == example(JobCreated)


@pytest.mark.parametrize(
    "change", [{"type": "job.dreamt"}, {"dataschema": "urn:busker:event:job.created:2"}, {"specversion": "0.3"}]
)
def test_what_is_newer_or_unknown_is_unusable(change: dict[str, str]) -> None:
    envelope = json.loads(enclose(example(JobCreated), at=AT, traceparent=None))
    with pytest.raises(Unusable):
        disclose(json.dumps(envelope | change).encode())


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda x: json.dumps(x).encode()))
def test_anything_else_is_unusable_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(Unusable):
        disclose(body)
