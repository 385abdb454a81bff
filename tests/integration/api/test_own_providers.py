"""Buyers' own providers over HTTP: made, shown, changed and deleted by their buyer and nobody else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from tests.integration.api.caller import JOBS, ORDER, Caller
from tests.kit.processes import Service

PROVIDERS = "/v1/buyer/providers"
KEY = "sim-own-key-that-nobody-sees"
UNSOLD = "venice-elevenlabs-sound-effects-v2"
"""A model that no test of this folder sells."""


@pytest.fixture
def body(provider_url: str) -> dict[str, Any]:
    return {"provider": "venice", "base_url": provider_url, "api_key": KEY, "role": "priority"}


async def made(buyer: Caller, body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    reply = await buyer.post(PROVIDERS, body | fields)
    assert reply.status == 201, reply.body
    provider: dict[str, Any] = reply.json
    return provider


async def test_a_provider_is_taken_up_and_shown_without_its_key(buyer: Caller, body: dict[str, Any]) -> None:
    provider = await made(buyer, body, label="mine")
    assert (provider["object"], provider["role"], provider["label"]) == ("provider", "priority", "mine")
    assert (provider["status"], provider["reason"], provider["models"]) == ("active", None, None)
    assert provider["max_concurrent"] == 100
    assert provider["health"]["state"] == "healthy"
    assert provider["health"]["recent_attempts"] == []
    assert (await buyer.get(f"{PROVIDERS}/{provider['id']}")).json == provider
    listed = await buyer.get(PROVIDERS)
    assert listed.json == {"object": "list", "data": [provider]}
    assert KEY not in listed.body.decode()


async def test_a_provider_that_does_not_answer_waits_unverified(buyer: Caller, body: dict[str, Any]) -> None:
    provider = await made(buyer, body, base_url="http://127.0.0.1:9/api")
    assert provider["status"] == "unverified"
    assert provider["reason"]
    assert (await buyer.post(JOBS, ORDER | {"model": UNSOLD, "duration_seconds": 5})).code == "no_healthy_sellers"


async def test_a_provider_changes_only_what_is_said(buyer: Caller, body: dict[str, Any]) -> None:
    provider = await made(buyer, body, label="mine", models=["venice-music-gen"])
    assert provider["models"] == ["venice-ace-step-15"]
    path = f"{PROVIDERS}/{provider['id']}"
    changed = (await buyer.call("PATCH", path, json={"role": "fallback", "max_concurrent": 2})).json
    assert changed == provider | {"role": "fallback", "max_concurrent": 2}
    assert (await buyer.call("PATCH", path, json={})).json == changed
    assert (await buyer.call("PATCH", path, json={"models": None, "label": None})).json == changed | {
        "models": None,
        "label": None,
    }
    assert (await buyer.call("PATCH", path, json={"api_key": "another"})).json["status"] == "active"
    assert (await buyer.call("DELETE", path)).status == 204
    for method in ("GET", "DELETE"):
        assert (await buyer.call(method, path)).code == "not_found"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"role": None}, "role"),
        ({"role": "first"}, "role"),
        ({"provider": "nobody"}, "provider"),
        ({"models": []}, "models"),
        ({"models": ["nothing"]}, "models"),
        ({"models": "venice-ace-step-15"}, "models"),
        ({"max_concurrent": 1001}, "max_concurrent"),
        ({"base_url": "http://169.254.169.254/latest"}, "base_url"),
        ({"api_key": "a b"}, "api_key"),
        ({"label": ""}, "label"),
        ({"multiplier_bps": 7000}, "multiplier_bps"),
    ],
)
async def test_a_provider_that_cannot_be_is_refused(
    buyer: Caller, body: dict[str, Any], fields: dict[str, Any], param: str
) -> None:
    reply = await buyer.post(PROVIDERS, body | fields)
    assert (reply.status, reply.error["param"]) == (400, param)
    assert (await buyer.get(PROVIDERS)).json["data"] == []


async def test_another_buyers_provider_answers_like_one_that_never_was(
    buyer: Caller, open_buyer: Any, body: dict[str, Any]
) -> None:
    provider = await made(buyer, body, models=[UNSOLD])
    stranger = await open_buyer()
    for method in ("GET", "PATCH", "DELETE"):
        options: dict[str, Any] = {"json": {"models": None}} if method == "PATCH" else {}
        foreign = await stranger.call(method, f"{PROVIDERS}/{provider['id']}", **options)
        unknown = await stranger.call(method, f"{PROVIDERS}/{uuid4()}", **options)
        assert (foreign.status, foreign.body) == (unknown.status, unknown.body) == (404, foreign.body)
    assert (await stranger.get(PROVIDERS)).json["data"] == []
    effect = ORDER | {"model": UNSOLD, "duration_seconds": 5}
    assert (await stranger.post(JOBS, effect)).code == "no_healthy_sellers"
    quote = (await stranger.post("/v1/music/quotes", effect)).json
    assert quote["candidates"] == []


async def test_no_market_shows_it(buyer: Caller, anyone: Caller, body: dict[str, Any]) -> None:
    await made(buyer, body, models=[UNSOLD])
    assert (await anyone.get(f"/api/markets/{UNSOLD}")).json["offers"] == []
    (line,) = [each for each in (await anyone.get("/api/markets")).json["markets"] if each["model"] == UNSOLD]
    assert (line["sellers"], line["best_price_usdc"]) == (0, None)


async def test_its_buyer_needs_neither_offers_nor_balance(open_buyer: Any, body: dict[str, Any]) -> None:
    buyer = await open_buyer(credit=0)
    await made(buyer, body)
    effect = ORDER | {"model": UNSOLD, "duration_seconds": 5}
    quote = (await buyer.post("/min100/v1/music/quotes", effect)).json
    assert (quote["estimated_cost_usdc"], quote["max_cost_usdc"], quote["estimated_discount_pct"]) == (
        "0",
        "0",
        "100.00",
    )
    (candidate,) = quote["candidates"]
    assert (candidate["own"], candidate["eligible"]) == ("priority", True)
    taken = await buyer.post("/min100" + JOBS, effect)
    assert (taken.status, taken.json["max_cost_usdc"]) == (202, "0")
    assert (await buyer.call("DELETE", f"{JOBS}/{taken.json['id']}")).json["usage"]["settlement_status"] == "released"
    assert (await buyer.get("/v1/buyer/ledger")).json["data"] == []


async def test_a_buyer_has_at_most_twenty_five(buyer: Caller, body: dict[str, Any]) -> None:
    for _ in range(25):
        await made(buyer, body)
    assert (await buyer.post(PROVIDERS, body)).status == 400


async def test_no_key_of_a_buyer_is_kept_or_logged_as_it_is(
    buyer: Caller, body: dict[str, Any], api: Service, database: AsyncDatabase[dict[str, Any]]
) -> None:
    provider = await made(buyer, body)
    assert KEY not in str(await database["offers"].find_one({"_id": provider["id"]}))
    assert KEY not in api.log.read_text()
