"""Every way of ordering wrongly is refused by the name of the field, and leaves nothing behind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.integrator import Integrator
from tests.e2e.market import EFFECT, JOBS, SONG, Buyer, Market

SPEECH = {"model": "venice-elevenlabs-tts-v3", "prompt": "Good evening."}
PLAIN = {"model": "venice-stable-audio-25", "prompt": "a drone"}
BASES: dict[str, dict[str, Any]] = {"song": SONG, "effect": EFFECT, "speech": SPEECH, "plain": PLAIN}

INVALID, UNSUPPORTED = "invalid_request", "unsupported_parameter"


def _deep(levels: int) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for _ in range(levels - 1):
        nested = {"in": nested}
    return nested


WRONG: list[tuple[str, str, object, str | None]] = [
    ("song", "surprise", 1, INVALID),
    ("song", "prompt", "", INVALID),
    ("song", "prompt", "a" * 2001, INVALID),
    ("song", "prompt", 7, INVALID),
    ("song", "prompt", None, INVALID),
    ("song", "prompt", "nul \x00", INVALID),
    ("effect", "prompt", "a" * 451, INVALID),
    ("song", "duration_seconds", "60", INVALID),
    ("song", "duration_seconds", 60.0, INVALID),
    ("song", "duration_seconds", True, INVALID),
    ("song", "duration_seconds", 59, None),
    ("song", "duration_seconds", 211, None),
    ("song", "duration_seconds", -1, None),
    ("song", "duration_seconds", 10**400, None),
    ("speech", "duration_seconds", 10, UNSUPPORTED),
    ("song", "lyrics_prompt", "a" * 5001, INVALID),
    ("song", "lyrics_prompt", ["la"], INVALID),
    ("plain", "lyrics_prompt", "la la", UNSUPPORTED),
    ("song", "force_instrumental", "yes", INVALID),
    ("song", "force_instrumental", 1, INVALID),
    ("song", "force_instrumental", True, UNSUPPORTED),
    ("song", "voice", "Aria", UNSUPPORTED),
    ("speech", "voice", "Nobody", None),
    ("speech", "voice", 3, INVALID),
    ("song", "language_code", "en", UNSUPPORTED),
    ("speech", "language_code", "english", None),
    ("speech", "language_code", "EN", None),
    ("song", "webhook_url", "ftp://example.com/x", "webhook_url_not_allowed"),
    ("song", "webhook_url", "not a url", "webhook_url_not_allowed"),
    ("song", "webhook_url", "https://user:pass@example.com/", "webhook_url_not_allowed"),
    ("song", "webhook_url", "https://example.com/" + "a" * 2048, None),
    ("song", "webhook_url", 5, INVALID),
    ("song", "metadata", [1], INVALID),
    ("song", "metadata", "text", INVALID),
    ("song", "metadata", {"big": "a" * 17_000}, INVALID),
    ("song", "metadata", _deep(9), INVALID),
    ("song", "metadata", {"nul": "\x00"}, INVALID),
]


@pytest.fixture(autouse=True)
async def everything_is_sold(market: Market) -> None:
    """So that nothing is refused for want of a seller."""
    for base in BASES.values():
        await market.seller(base["model"])


@pytest.fixture
async def buyer(market: Market, integrator: Integrator) -> Any:
    """A buyer of whom nothing may be left when the test is over: no job, no hold, no event."""
    buyer = await market.buyer()
    yield buyer
    money = await buyer.money()
    assert money == {"available": "5000000", "held": "0", "spent": "0", "credited": "5000000"}
    assert await buyer.jobs() == []
    assert not [event for event in integrator.events if buyer.id.encode() in event.body]


async def test_every_wrong_field_is_refused_by_its_name(buyer: Buyer) -> None:
    unlike: list[str] = []
    for base, field, value, code in WRONG:
        answer = await buyer.submit(BASES[base] | {field: value})
        error = answer.json.get("error", {})
        if answer.status != 400 or error["param"] != field or code not in {None, error["code"]}:
            unlike.append(f"{base} {field}={str(value)[:30]!r}: {answer.status} {error}")
        assert answer.headers["X-Request-Id"]
        assert answer.headers.get("x-should-retry") == "false"
    assert unlike == []


@pytest.mark.parametrize("missing", ["model", "prompt"])
async def test_what_is_missing_is_named(buyer: Buyer, missing: str) -> None:
    order = {name: value for name, value in SONG.items() if name != missing}
    answer = await buyer.submit(order)
    assert (answer.status, answer.error["code"], answer.error["param"]) == (400, INVALID, missing)


async def test_a_model_that_does_not_exist_is_not_found(buyer: Buyer) -> None:
    answer = await buyer.submit(SONG | {"model": "venice-kazoo"})
    assert (answer.status, answer.error["code"], answer.error["param"]) == (404, "model_not_found", "model")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"model": "venice-ace-step-15", "prompt": "a", "metadata": {"x": NaN}}',
        b'{"model": "venice-ace-step-15", "prompt": "a", "metadata": {"x": 1e999}}',
        b"[" * 10_000,
        b'{"model": "venice-ace-step-15", "prompt": "half a \\ud800 character"}',
        b"\xff\xfe",
    ],
    ids=["nothing", "half", "list", "null", "text", "nan", "infinite", "deep", "surrogate", "not utf-8"],
)
async def test_what_is_no_json_object_is_refused(buyer: Buyer, body: bytes) -> None:
    answer = await buyer.caller.call("POST", JOBS, body)
    assert (answer.status, answer.error["code"]) == (400, INVALID)


async def test_a_body_without_end_is_refused(buyer: Buyer) -> None:
    answer = await buyer.caller.call("POST", JOBS, json.dumps(SONG | {"prompt": "a" * 2_000_000}).encode())
    assert (answer.status, answer.error["code"]) == (413, "payload_too_large")


async def test_another_media_type_is_refused(buyer: Buyer) -> None:
    answer = await buyer.caller.call("POST", JOBS, b"model=x", headers={"Content-Type": "text/plain"})
    assert (answer.status, answer.error["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("minimum", ["min101", "min-1", "min05", "min", "min1.5", "minus", "min٣"])
async def test_a_minimum_that_is_none_is_refused(buyer: Buyer, minimum: str) -> None:
    answer = await buyer.submit(SONG, minimum=minimum)
    assert (answer.status, answer.error["code"]) == (400, "invalid_minimum_discount")


async def test_an_unknown_key_is_refused(market: Market, buyer: Buyer) -> None:
    for headers in ({}, {"Authorization": "Bearer inf_nobody"}, {"Authorization": "Basic abc"}):
        answer = await market.caller(headers).call("POST", JOBS, SONG)
        assert (answer.status, answer.error["code"]) == (401, "invalid_api_key")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_sellers_key_buys_nothing(market: Market, buyer: Buyer) -> None:
    answer = await market.sellers[0].caller.call("POST", JOBS, SONG)
    assert (answer.status, answer.error["code"]) == (403, "wrong_key_type")


async def test_an_empty_purse_is_told_what_is_needed(market: Market) -> None:
    poor = await market.buyer(credit=20_000)
    answer = await poor.submit(SONG)
    assert (answer.status, answer.error["code"]) == (402, "insufficient_balance")
    assert "23100" in answer.error["message"]
    assert "20000" in answer.error["message"]
    assert await poor.jobs() == []
    assert (await poor.money())["held"] == "0"


async def test_a_buyer_has_only_so_many_jobs_in_flight(market: Market) -> None:
    busy = await market.buyer(jobs_in_flight=1)
    await busy.order(EFFECT)
    answer = await busy.submit(EFFECT)
    assert (answer.status, answer.error["code"]) == (429, "too_many_jobs")
    assert answer.headers["Retry-After"]
    assert len(await busy.jobs()) == 1
