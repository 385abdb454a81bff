"""A receiver that does not answer well is told again, with the same id and a new signature."""

from __future__ import annotations

import pytest
from standardwebhooks import Webhook

from tests.e2e.market import EFFECT, Buyer, Market, Seller
from tests.e2e.provider import Provider
from tests.e2e.receiver import Receiver


@pytest.fixture(autouse=True)
async def seller(market: Market) -> Seller:
    return await market.seller(EFFECT["model"])


async def test_a_failing_receiver_is_told_again_under_the_same_id(
    buyer: Buyer, market: Market, receiver: Receiver
) -> None:
    secret = (await buyer.caller.post("/v1/webhooks/secret", {}, status=201))["secret"]
    market.secrets.add(secret)
    receiver.answers = [500, 302]
    job = await buyer.bought(EFFECT | {"webhook_url": receiver.url})
    posts = await receiver.told(job["id"], times=3)
    assert len({post.id for post in posts}) == 1
    for post in posts:
        assert Webhook(secret).verify(post.body, dict(post.headers))["type"] == "music.generation.succeeded"


async def test_a_rotated_secret_signs_along(buyer: Buyer, market: Market, receiver: Receiver) -> None:
    secrets = [(await buyer.caller.post("/v1/webhooks/secret", {}, status=201))["secret"] for _ in range(2)]
    market.secrets.update(secrets)
    job = await buyer.bought(EFFECT | {"webhook_url": receiver.url})
    (post,) = await receiver.told(job["id"])
    for secret in secrets:
        Webhook(secret).verify(post.body, dict(post.headers))


async def test_a_failure_is_told_too(buyer: Buyer, seller: Seller, provider: Provider, receiver: Receiver) -> None:
    await provider.misbehave({"do": "refuse", "on": "queue", "key": seller.provider_key, "status": 422})
    job = await buyer.bought(EFFECT | {"webhook_url": receiver.url})
    (post,) = await receiver.told(job["id"])
    assert post.json["type"] == "music.generation.failed"
    assert post.json["data"]["error"] == job["error"]
