"""Webhook deliveries: what became of each, once more, and a try-out."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from services.api.domain.refusals import NotFound
from services.api.entrypoints.http.answers import json_answer, page_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.queries import AFTER, LIMIT, AnId, Text
from services.api.entrypoints.http.shapes import Id, Unix, one_of
from services.api.entrypoints.http.strict_json import Body, read_body
from services.api.handlers.ask_for_delivery import ask_for_retry, ask_for_test
from services.api.handlers.list_deliveries import list_deliveries
from shared.contracts.records.delivery import DeliveryRecord, DeliveryState
from shared.kernel.clock import unix

LONGEST_ID: Final = 100
BEFORE: Final = Text("after", AFTER, most=LONGEST_ID)
JOB_ID: Final = AnId("job_id", "Only deliveries of this job's ending.")


class TryOutBody(Body):
    """Where a test event should go."""

    url: Annotated[str, Field(min_length=1, max_length=2048)]


class DeliveryAttemptView(TypedDict):
    """One try: the receiver's status, or why there is none."""

    number: int
    at: Unix
    took_ms: int
    status: int | None
    error: str | None


class DeliveryView(TypedDict):
    """One ending on its way to one URL."""

    id: str
    object: Literal["delivery"]
    job_id: Id | None
    type: str
    url: str
    status: Annotated[str, one_of(DeliveryState)]
    created: Unix
    next_attempt_at: Unix | None
    attempt_count: int
    attempts: list[DeliveryAttemptView]


class TryOutView(TypedDict):
    """The delivery that was asked for."""

    id: str


async def show_deliveries(call: Call) -> web.Response:
    """The buyer's deliveries, newest first, with every attempt that was made."""
    query = call.request.query
    found = await list_deliveries(
        call.account_id,
        limit=LIMIT.read(query),
        job_id=JOB_ID.read(query),
        after=BEFORE.read(query),
        deliveries=call.world.asking.deliveries,
    )
    return page_answer([_view(delivery) for delivery in found.deliveries], has_more=found.has_more)


async def retry(call: Call) -> web.Response:
    """The delivery will be attempted anew, at once."""
    delivery_id = call.request.match_info["delivery_id"]
    if len(delivery_id) > LONGEST_ID or not delivery_id.isascii():
        raise NotFound("delivery")
    return json_answer(_view(await ask_for_retry(call.account_id, delivery_id, world=call.world.asking)), status=202)


async def try_out(call: Call) -> web.Response:
    """A test event will be sent, signed like any other."""
    body = await read_body(call.request, TryOutBody)
    url = await call.world.urls.webhook(body.url, param="url")
    return json_answer({"id": await ask_for_test(call.account_id, url, world=call.world.asking)}, status=202)


def _view(delivery: DeliveryRecord) -> DeliveryView:
    coming = delivery.next_attempt_at
    return {
        "id": delivery.id,
        "object": "delivery",
        "job_id": delivery.job_id,
        "type": delivery.type,
        "url": delivery.url,
        "status": delivery.state.value,
        "created": unix(delivery.created_at),
        "next_attempt_at": None if coming is None else unix(coming),
        "attempt_count": delivery.attempts,
        "attempts": [
            {
                "number": attempt.number,
                "at": unix(attempt.at),
                "took_ms": round(attempt.took.total_seconds() * 1000),
                "status": attempt.status,
                "error": attempt.error,
            }
            for attempt in delivery.log
        ],
    }
