"""What anyone may read."""

from __future__ import annotations

from typing import Any

from tests.integration.api.caller import Caller


async def test_models_are_listed_in_the_form_of_openai(anyone: Caller) -> None:
    listed = (await anyone.get("/v1/models")).json
    assert listed["object"] == "list"
    ace = next(model for model in listed["data"] if model["id"] == "venice-ace-step-15")
    assert (ace["object"], ace["kind"], ace["owned_by"]) == ("model", "music", "venice")
    assert ace["pricing"]["durations"][0] == {"max_seconds": 60, "usdc": "30000"}
    assert "duration_seconds" in ace["supported_parameters"]
    assert (await anyone.get("/v1/models/venice-music-gen")).json == ace
    assert (await anyone.get("/v1/models/no-such-model")).code == "model_not_found"


async def test_markets_tell_the_best_price(anyone: Caller, market: dict[str, Any]) -> None:
    lines = (await anyone.get("/api/markets")).json["markets"]
    ace = next(line for line in lines if line["model"] == "venice-ace-step-15")
    assert (ace["best_price_usdc"], ace["reference_price_usdc"], ace["best_discount_pct"]) == (
        "21000",
        "30000",
        "30.00",
    )
    assert ace["sellers"] >= ace["healthy_sellers"] >= 1
    offers = (await anyone.get("/api/markets/venice-ace-step-15")).json["offers"]
    assert [offer["rank"] for offer in offers] == list(range(1, len(offers) + 1))
    assert offers[0]["id"] == market["id"]


async def test_the_document_describes_every_path(anyone: Caller) -> None:
    document = (await anyone.get("/openapi.json")).json
    assert document["openapi"] == "3.1.0"
    orders = document["paths"]["/min{minimum}/v1/music/generations"]["post"]
    assert orders["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("OrderBody")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)


async def test_the_page_loads_nothing_from_anywhere(anyone: Caller) -> None:
    reply = await anyone.get("/docs")
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert b"<script" not in reply.body
    assert b"http" not in reply.body.replace(b"https://busker", b"")
