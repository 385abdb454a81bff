"""The main job: a minute of music under min20, from its order to a verified webhook and paid sellers."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from io import BytesIO
from itertools import pairwise

import aiohttp
import pytest
import soundfile
from openai import OpenAI
from standardwebhooks import Webhook

from deploy.provision.bucket import client
from tests.e2e.flow.conftest import SECRETS
from tests.e2e.flow.sale import METADATA, Sale, sell
from tests.e2e.integrator import Integrator
from tests.e2e.market import JOBS, Market
from tests.e2e.provider import Provider
from tests.e2e.receiver import receiving
from tests.e2e.stack import Stack
from tests.kit.http import Answer
from tests.kit.waiting import eventually
from tests.servers.servers import Bucket


def words(text: str) -> set[str]:
    return set(text.split())


ACCEPTED = words(
    "id object kind status created expires_at estimated_cost_usdc max_cost_usdc poll_url cancel_url job_token"
)
JOB = words("id object kind model status created expires_at progress metadata cancel_requested attempts results usage")
RESULT = words("artifact_index url download_url content_type duration_seconds bytes sha256 expires_at")


@pytest.fixture(scope="module")
async def sale(
    stack: Stack, session: aiohttp.ClientSession, provider: Provider, integrator: Integrator
) -> AsyncIterator[Sale]:
    market = Market(session, stack, provider, secrets=SECRETS)
    try:
        async with receiving() as receiver:
            yield await sell(market, receiver)
    finally:
        await market.close()


def test_the_answer_to_an_order_has_exactly_the_promised_names(sale: Sale) -> None:
    accepted = sale.accepted
    assert set(accepted) == ACCEPTED
    assert (accepted["object"], accepted["kind"], accepted["status"]) == ("media.job", "music", "queued")
    assert accepted["expires_at"] == accepted["created"] + 900
    assert accepted["job_token"].startswith("mjt_")


def test_the_answer_to_an_order_says_where_and_when_to_look(sale: Sale, stack: Stack) -> None:
    url = f"{stack.at['API_URL']}{JOBS}/{sale.accepted['id']}"
    headers = sale.answer.headers
    assert sale.accepted["poll_url"] == sale.accepted["cancel_url"] == headers["Location"] == url
    assert headers["Retry-After"] == "2"
    assert headers["openai-poll-after-ms"] == "2000"
    assert headers["X-Request-Id"]
    assert "Server" not in headers


def test_the_maximum_is_the_best_qualifying_price_and_a_tenth_and_is_held(sale: Sale) -> None:
    assert sale.accepted["estimated_cost_usdc"] == "21000"
    assert sale.accepted["max_cost_usdc"] == "23100"
    assert sale.before == {"available": "5000000", "held": "0", "spent": "0", "credited": "5000000"}
    assert sale.meanwhile == {"available": "4976900", "held": "23100", "spent": "0", "credited": "5000000"}


def test_the_ended_job_has_the_promised_fields(sale: Sale) -> None:
    job = sale.job
    assert set(job) == JOB
    assert job["status"] == "succeeded"
    assert job["model"] == "venice-ace-step-15"
    assert job["progress"] == 100
    assert job["metadata"] == METADATA
    assert job["cancel_requested"] is False
    assert job["attempts"] == 1
    assert job["usage"] == {
        "seller_cost_usdc": "21000",
        "buyer_cost_usdc": "21000",
        "settlement_status": "confirmed",
    }


def test_the_result_describes_a_minute_of_audio(sale: Sale) -> None:
    assert set(sale.result) == RESULT
    assert sale.result["artifact_index"] == 0
    assert sale.result["content_type"] == "audio/mpeg"
    assert sale.result["duration_seconds"] == 60
    assert sale.result["download_url"].endswith(f"/v1/media/artifacts/{sale.job['id']}/0")
    assert sale.result["expires_at"] - sale.job["created"] > 10_700


async def test_the_presigned_url_gives_the_very_bytes_without_any_key(sale: Sale, market: Market) -> None:
    answer = await market.anybody.call("GET", sale.result["url"])
    assert answer.status == 200
    _is_the_audio(answer.body, sale)
    sound = soundfile.info(BytesIO(answer.body))
    assert sound.duration == pytest.approx(60, abs=0.5)


async def test_the_download_url_gives_the_very_bytes_to_the_key_and_to_the_token(sale: Sale, market: Market) -> None:
    by_key = await sale.buyer.caller.call("GET", sale.result["download_url"])
    by_token = await market.anybody.call("GET", sale.result["download_url"], headers=sale.token)
    for answer in (by_key, by_token):
        assert answer.status == 200
        _is_the_audio(answer.body, sale)
        assert answer.headers["Content-Type"] == "audio/mpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["ETag"]


async def test_the_download_url_gives_a_range_and_only_the_headers_to_head(sale: Sale) -> None:
    whole = (await sale.buyer.caller.call("GET", sale.result["download_url"])).body
    part = await sale.buyer.caller.call("GET", sale.result["download_url"], headers={"Range": "bytes=1000-1999"})
    head = await sale.buyer.caller.call("HEAD", sale.result["download_url"])
    beyond = await sale.buyer.caller.call("GET", sale.result["download_url"], headers={"Range": "bytes=999999999-"})
    assert part.status == 206
    assert part.body == whole[1000:2000]
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(whole)), b"")
    assert beyond.status == 416


async def test_nobody_without_key_or_token_sees_the_job_or_its_audio(sale: Sale, market: Market) -> None:
    stranger = await market.buyer()
    wrong_token = {"X-Job-Token": "mjt_" + "0" * 43}
    for path in (f"{JOBS}/{sale.job['id']}", sale.result["download_url"]):
        nobody = await market.anybody.call("GET", path)
        other = await stranger.caller.call("GET", path)
        forger = await market.anybody.call("GET", path, headers=wrong_token)
        assert (nobody.status, other.status, forger.status) == (401, 404, 404)
        assert nobody.error["code"] == "invalid_api_key"


async def test_the_token_alone_shows_the_job(sale: Sale, market: Market) -> None:
    answer = await market.anybody.call("GET", f"{JOBS}/{sale.job['id']}", headers=sale.token)
    assert answer.status == 200
    assert answer.json["usage"] == sale.job["usage"]


def test_the_stream_shows_every_status_in_order_and_ends_with_the_job(sale: Sale) -> None:
    statuses = [state["status"] for name, state in sale.stream if name == "status"]
    order = ["queued", "submitted", "running", "succeeded"]
    assert [order.index(status) for status in statuses] == sorted(order.index(status) for status in statuses)
    assert statuses[-1] == "succeeded"
    assert sale.stream[-1][1]["results"][0]["sha256"] == sale.result["sha256"]
    progress = [state["progress"] for _, state in sale.stream]
    assert all(earlier <= later for earlier, later in pairwise(progress))
    assert progress[-1] == 100


def test_the_webhook_is_believed_by_the_published_library(sale: Sale) -> None:
    event = Webhook(sale.secret).verify(sale.webhook.body, dict(sale.webhook.headers))
    assert event["type"] == "music.generation.succeeded"
    assert set(event["data"]) == JOB
    assert event["data"]["id"] == sale.job["id"]
    assert event["data"]["results"][0]["sha256"] == sale.result["sha256"]
    assert event["data"]["metadata"] == METADATA
    assert "job_token" not in event["data"]


async def test_the_links_in_the_webhook_work(sale: Sale, market: Market) -> None:
    answer = await market.anybody.call("GET", sale.webhook.json["data"]["results"][0]["url"])
    _is_the_audio(answer.body, sale)


def test_the_webhook_is_believed_by_the_openai_library(sale: Sale) -> None:
    openai = OpenAI(api_key="none", webhook_secret=sale.secret)
    openai.webhooks.verify_signature(sale.webhook.body, dict(sale.webhook.headers))
    event = openai.webhooks.unwrap(sale.webhook.body, dict(sale.webhook.headers))
    assert str(event.type) == "music.generation.succeeded"


async def test_the_cheapest_offer_got_the_job_and_its_seller_alone_was_paid(sale: Sale) -> None:
    assert [await seller.earned() for seller in sale.sellers] == ["0", "0", "21000"]
    assert [len(await seller.served()) for seller in sale.sellers] == [0, 0, 1]


async def test_the_buyer_paid_once_and_got_the_rest_back(sale: Sale) -> None:
    money = await sale.buyer.money()
    assert money == {"available": "4979000", "held": "0", "spent": "21000", "credited": "5000000"}


async def test_the_ledger_tells_where_the_money_went(sale: Sale) -> None:
    ledger = await sale.buyer.caller.get("/v1/buyer/ledger")
    moved = [(entry["kind"], entry["amount_usdc"]) for entry in ledger["data"] if entry["job_id"] == sale.job["id"]]
    assert ("hold", "23100") in moved
    assert ("capture", "21000") in moved
    assert ("release", "2100") in moved
    assert len({entry["id"] for entry in ledger["data"]}) == len(ledger["data"])


async def test_the_books_are_even(sale: Sale, market: Market) -> None:
    audit = await market.operator.get("/admin/v1/audit")
    assert audit["difference_usdc"] == "0"
    assert audit["differences"] == []


async def test_the_provider_was_asked_once_for_each_thing(sale: Sale, provider: Provider) -> None:
    key = sale.sellers[-1].provider_key

    async def cleaned() -> list[dict[str, object]]:
        return [job for job in await provider.jobs(key) if job["completes"]]

    (job,) = await eventually(cleaned)
    assert job["duration_seconds"] == 60
    assert (job["full_retrieves"], job["completes"]) == (1, 1)
    assert len(await provider.calls(key, "/audio/queue")) == 1
    assert len(await provider.calls(key, "/audio/complete")) == 1


async def test_the_audio_lies_in_the_bucket_under_the_job(sale: Sale, object_store: Bucket) -> None:
    s3 = client(object_store.endpoint, object_store.access_key, object_store.secret_key)
    kept = s3.get_object(Bucket=object_store.name, Key=f"async-media/{sale.job['id']}/0.mp3")
    _is_the_audio(kept["Body"].read(), sale)


async def test_deleting_an_ended_job_changes_nothing(sale: Sale) -> None:
    answer: Answer = await sale.buyer.caller.call("DELETE", f"{JOBS}/{sale.job['id']}")
    assert answer.status == 200
    assert answer.json["status"] == "succeeded"
    assert answer.json["usage"] == sale.job["usage"]


def _is_the_audio(body: bytes, sale: Sale) -> None:
    assert len(body) == sale.result["bytes"]
    assert hashlib.sha256(body).hexdigest() == sale.result["sha256"]
