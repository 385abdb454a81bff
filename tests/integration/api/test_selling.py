"""Offers, keys and accounts: made, changed, shown and taken back by those whose they are."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from tests.integration.api.caller import Caller
from tests.kit.processes import Service
from tests.kit.waiting import eventually

OFFERS = "/v1/seller/offers"
KEY = "sim-a-key-that-nobody-sees"


@pytest.fixture
def body(provider_url: str) -> dict[str, Any]:
    """An offer for a model that no other test orders."""
    return {
        "provider": "venice",
        "base_url": provider_url,
        "api_key": KEY,
        "model": "venice-ace-step-15",
        "multiplier_bps": 9900,
        "cap_daily_usdc": "1000000",
    }


async def test_an_offer_is_taken_up_and_shown_without_its_key(seller: Caller, body: dict[str, Any]) -> None:
    reply = await seller.post(OFFERS, body)
    assert reply.status == 201
    offer = reply.json
    assert {"status": "active", "reason": None, "multiplier_bps": 9900, "price": None}.items() <= offer.items()
    assert (offer["cap_daily_usdc"], offer["max_concurrent"]) == ("1000000", 100)
    assert (await seller.get(f"{OFFERS}/{offer['id']}")).json == offer
    assert (await seller.get(OFFERS)).json == {"object": "list", "data": [offer]}
    assert KEY not in reply.body.decode()
    assert (await seller.call("DELETE", f"{OFFERS}/{offer['id']}")).status == 204


async def test_the_same_key_makes_one_offer_however_often_it_is_asked_for(seller: Caller, body: dict[str, Any]) -> None:
    named = {"Idempotency-Key": "my-offer"}
    replies = await asyncio.gather(*(seller.post(OFFERS, body, **named) for _ in range(6)))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.json["id"] for reply in replies}) == 1
    again = await seller.post(OFFERS, body, **named)
    assert (again.json, again.headers["Idempotent-Replayed"]) == (replies[0].json, "true")
    assert [offer["id"] for offer in (await seller.get(OFFERS)).json["data"]] == [again.json["id"]]

    other = await seller.post(OFFERS, body | {"multiplier_bps": 9800}, **named)
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    bad = await seller.post(OFFERS, body, **{"Idempotency-Key": "with space"})
    assert (bad.status, bad.error["param"]) == (400, "Idempotency-Key")
    assert (await seller.call("DELETE", f"{OFFERS}/{again.json['id']}")).status == 204


async def test_a_key_is_its_sellers_own_and_stays_free_after_a_refusal(
    seller: Caller, open_seller: Any, body: dict[str, Any]
) -> None:
    named = {"Idempotency-Key": "my-offer"}
    assert (await seller.post(OFFERS, body | {"model": "nothing"}, **named)).status == 404
    stranger = await open_seller()
    mine, theirs = await seller.post(OFFERS, body, **named), await stranger.post(OFFERS, body, **named)
    assert (mine.status, theirs.status) == (201, 201)
    assert mine.json["id"] != theirs.json["id"]
    assert "Idempotent-Replayed" not in theirs.headers
    for owner, made in ((seller, mine), (stranger, theirs)):
        assert (await owner.call("DELETE", f"{OFFERS}/{made.json['id']}")).status == 204


async def test_an_offer_whose_provider_does_not_answer_waits_unverified(seller: Caller, body: dict[str, Any]) -> None:
    offer = (await seller.post(OFFERS, body | {"base_url": "http://127.0.0.1:9/api"})).json
    assert offer["status"] == "unverified"
    assert offer["reason"]
    await seller.call("DELETE", f"{OFFERS}/{offer['id']}")


async def test_an_offer_changes_only_what_is_said(seller: Caller, body: dict[str, Any]) -> None:
    offer = (await seller.post(OFFERS, body)).json
    path = f"{OFFERS}/{offer['id']}"
    changed = (await seller.call("PATCH", path, json={"price": {"per_second": "400"}})).json
    assert changed == offer | {"multiplier_bps": None, "price": {"per_second": "400"}}
    assert (await seller.call("PATCH", path, json={"cap_daily_usdc": None})).json["cap_daily_usdc"] is None
    assert (await seller.call("PATCH", path, json={})).json["price"] == {"per_second": "400"}
    await seller.call("DELETE", path)
    assert (await seller.get(path)).code == "offer_not_found"
    assert (await seller.call("DELETE", path)).code == "offer_not_found"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"multiplier_bps": None}, "multiplier_bps"),
        ({"multiplier_bps": 0}, "multiplier_bps"),
        ({"price": {"generation": "1"}}, "price"),
        ({"multiplier_bps": None, "price": {"generation": 1}}, "price"),
        ({"multiplier_bps": None, "price": {"generation": "1000000001"}}, "price"),
        ({"multiplier_bps": None, "price": {"durations": [{"max_seconds": 60, "usdc": "9" * 15}]}}, "price"),
        ({"cap_daily_usdc": "-1"}, "cap_daily_usdc"),
        ({"cap_daily_usdc": "9" * 16}, "cap_daily_usdc"),
        ({"cap_daily_usdc": 5}, "cap_daily_usdc"),
        ({"max_concurrent": 1001}, "max_concurrent"),
        ({"base_url": "http://169.254.169.254/latest"}, "base_url"),
        ({"base_url": "http://127.0.0.1/?a=b"}, "base_url"),
        ({"api_key": "a b"}, "api_key"),
        ({"provider": "nobody"}, "provider"),
        ({"model": "nothing"}, "model"),
    ],
)
async def test_an_offer_that_cannot_be_is_refused(
    seller: Caller, body: dict[str, Any], fields: dict[str, Any], param: str
) -> None:
    reply = await seller.post(OFFERS, body | fields)
    assert reply.status in {400, 404}
    assert reply.error["param"] == param
    assert (await seller.get(OFFERS)).json["data"] == []


async def test_another_sellers_offer_answers_like_one_that_never_was(
    seller: Caller, open_seller: Any, body: dict[str, Any]
) -> None:
    offer = (await seller.post(OFFERS, body)).json
    stranger = await open_seller()
    for method in ("GET", "PATCH", "DELETE"):
        options: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
        foreign = await stranger.call(method, f"{OFFERS}/{offer['id']}", **options)
        unknown = await stranger.call(method, f"{OFFERS}/{uuid4()}", **options)
        assert (foreign.status, foreign.body) == (unknown.status, unknown.body) == (404, foreign.body)
    await seller.call("DELETE", f"{OFFERS}/{offer['id']}")


async def test_no_secret_of_a_seller_is_kept_or_logged_as_it_is(
    seller: Caller, body: dict[str, Any], api: Service, database: AsyncDatabase[dict[str, Any]]
) -> None:
    offer = (await seller.post(OFFERS, body)).json
    stored = await database["offers"].find_one({"_id": offer["id"]})
    assert KEY not in str(stored)
    assert KEY not in api.log.read_text()
    await seller.call("DELETE", f"{OFFERS}/{offer['id']}")


@pytest.mark.parametrize("side", ["buyer", "seller"])
async def test_a_key_is_made_shown_once_and_revoked(side: str, buyer: Caller, seller: Caller) -> None:
    caller = {"buyer": buyer, "seller": seller}[side]
    path = f"/v1/{side}/keys"
    reply = await caller.post(path, {"label": "second", "expires_at": 4_000_000_000})
    assert reply.status == 201
    made = reply.json
    second = caller.with_key(made.pop("api_key"))
    assert made["expires_at"] == 4_000_000_000
    listed = (await second.get(path)).json["data"]
    assert [key["label"] for key in listed] == ["second", "first"]
    assert listed[0]["prefix"] == made["prefix"]
    assert (await caller.call("DELETE", f"{path}/{made['id']}")).status == 204
    assert (await second.get(path)).status == 401
    assert (await caller.call("DELETE", f"{path}/{made['id']}")).status == 404


async def test_a_key_of_the_past_is_refused(buyer: Caller) -> None:
    reply = await buyer.post("/v1/buyer/keys", {"label": "late", "expires_at": 1})
    assert (reply.status, reply.error["param"]) == (400, "expires_at")


async def test_credit_counts_once_for_each_reference(operator: Caller, open_buyer: Any) -> None:
    buyer = await open_buyer(credit=0)
    path = f"/admin/v1/accounts/{buyer.account_id}/credits"
    for _ in range(2):
        reply = await operator.post(path, {"amount_usdc": "500", "reference": "a"})
        assert (reply.status, reply.json["available_usdc"]) == (201, "500")
    reply = await operator.post(path, {"amount_usdc": "501", "reference": "a"})
    assert (reply.status, reply.error["param"]) == (400, "reference")
    me = (await buyer.get("/v1/buyer/me")).json
    assert me == {
        "name": "a buyer",
        "id": buyer.account_id,
        "available_usdc": "500",
        "held_usdc": "0",
        "spent_usdc": "0",
        "credited_usdc": "500",
        "limits": {"jobs_in_flight": 500, "requests_per_minute": 1200},
    }


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "", "1000000000000001", 5])
async def test_credit_that_is_no_amount_is_refused(operator: Caller, buyer: Caller, amount: object) -> None:
    path = f"/admin/v1/accounts/{buyer.account_id}/credits"
    reply = await operator.post(path, {"amount_usdc": amount, "reference": "b"})
    assert (reply.status, reply.error["param"]) == (400, "amount_usdc")


async def test_only_buyers_are_credited(operator: Caller, seller: Caller) -> None:
    for account in (seller.account_id, str(uuid4()), "x"):
        reply = await operator.post(f"/admin/v1/accounts/{account}/credits", {"amount_usdc": "5", "reference": "c"})
        assert reply.status == 404


async def test_a_webhook_secret_is_shown_once_and_rotates(buyer: Caller) -> None:
    path = "/v1/webhooks/secret"
    made_by_asking = (await buyer.get(path)).json
    first = (await buyer.call("POST", path)).json["secret"]
    assert first.startswith("whsec_")
    shown = (await buyer.get(path)).json
    assert shown["id"] != made_by_asking["id"]
    assert first.startswith(shown["prefix"])
    assert len(shown["prefix"]) < 16
    second = (await buyer.post(path, {"overlap_seconds": 60})).json["secret"]
    assert second != first
    assert (await buyer.get(path)).json["id"] != shown["id"]
    assert (await buyer.post(path, {"overlap_seconds": -1})).error["param"] == "overlap_seconds"


async def test_offers_reach_the_order_book_and_leave_it(seller: Caller, anyone: Caller, body: dict[str, Any]) -> None:
    offer = (await seller.post(OFFERS, body | {"model": "venice-elevenlabs-music"})).json
    assert offer["status"] == "active"

    async def line() -> Any:
        lines = (await anyone.get("/api/markets/venice-elevenlabs-music")).json["offers"]
        return next((line for line in lines if line["id"] == offer["id"]), None)

    shown = await eventually(line, within=15)
    assert (shown["seller"], shown["healthy"], shown["available"]) == (seller.account_id, True, True)
    assert shown["cap_remaining_usdc"] == "1000000"
    await seller.call("DELETE", f"{OFFERS}/{offer['id']}")

    async def gone() -> bool:
        return await line() is None

    await eventually(gone, within=15)
