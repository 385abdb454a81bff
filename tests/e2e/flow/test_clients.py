"""Published clients work with the market as it is."""

from __future__ import annotations

import asyncio

from openai import OpenAI

from tests.e2e.market import EFFECT, SONG, Market
from tests.e2e.stack import Stack


async def test_the_openai_client_lists_and_reads_the_models(stack: Stack) -> None:
    openai = OpenAI(api_key="none", base_url=f"{stack.at['API_URL']}/v1", max_retries=0)
    models = await asyncio.to_thread(lambda: list(openai.models.list()))
    assert SONG["model"] in {model.id for model in models}
    assert {model.object for model in models} == {"model"}
    one = await asyncio.to_thread(openai.models.retrieve, "venice-music-gen")
    assert one.id == SONG["model"]


async def test_the_market_is_public(market: Market) -> None:
    seller = await market.seller(EFFECT["model"])
    markets = (await market.anybody.get("/api/markets"))["markets"]
    (line,) = [line for line in markets if line["model"] == EFFECT["model"]]
    assert (line["best_price_usdc"], line["reference_price_usdc"]) == ("8050", "11500")
    offers = (await market.anybody.get(f"/api/markets/{EFFECT['model']}"))["offers"]
    assert [(offer["id"], offer["rank"]) for offer in offers] == [(seller.offer_id, 1)]
