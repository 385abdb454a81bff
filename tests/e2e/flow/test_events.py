"""What an integrator hears of one job: every fact once, in CloudEvents."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from tests.e2e.integrator import Integrator
from tests.e2e.market import EFFECT, Buyer, Market, Seller
from tests.e2e.provider import Provider
from tests.e2e.receiver import Receiver
from tests.kit.waiting import happens

STORY = {
    "job.created": "/services/api",
    "job.routed": "/services/router",
    "job.running": "/services/poller",
    "job.generated": "/services/poller",
    "artifact.stored": "/services/artifacts",
    "job.succeeded": "/services/api",
}


@pytest.fixture(autouse=True)
async def seller(market: Market) -> Seller:
    return await market.seller(EFFECT["model"])


async def test_the_story_of_a_job_is_told_in_cloudevents(
    buyer: Buyer, seller: Seller, provider: Provider, integrator: Integrator, receiver: Receiver
) -> None:
    await provider.misbehave({"do": "never_ready", "key": seller.provider_key, "times": 1})
    job = await buyer.bought(EFFECT | {"webhook_url": receiver.url})
    await receiver.told(job["id"])
    heard = integrator.about
    await happens(lambda: STORY.keys() <= {event.json["type"] for event in heard(job["id"])})
    for event in heard(job["id"]):
        envelope = event.json
        assert event.content_type == "application/cloudevents+json"
        assert envelope["specversion"] == "1.0"
        assert envelope["dataschema"].split(":")[-1].isdigit()
        assert envelope["data"]["job_id"] == job["id"]
        assert datetime.fromisoformat(envelope["time"]).tzinfo is not None
        if envelope["type"] in STORY:
            assert event.routing_key == f"music.{envelope['type']}"
            assert envelope["source"] == STORY[envelope["type"]]
    traces = {event.json["traceparent"].split("-")[1] for event in heard(job["id"]) if "traceparent" in event.json}
    assert len(traces) == 1, "one trace from the order to the ending"


async def test_a_fact_that_is_said_again_has_the_id_of_the_first_time(integrator: Integrator, buyer: Buyer) -> None:
    job = await buyer.bought(EFFECT)
    events = [event.json for event in integrator.about(job["id"])]
    ids = Counter((event["type"], event["data"].get("attempt")) for event in events)
    distinct = {(event["type"], event["data"].get("attempt"), event["id"]) for event in events}
    assert len(distinct) == len(ids)
