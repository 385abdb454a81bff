"""What api refuses, and that every no has the same form."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from tests.integration.api.caller import JOBS, ORDER, Caller
from tests.kit.processes import Service

pytestmark = pytest.mark.usefixtures("market")
JSON = {"Content-Type": "application/json"}


async def sent(buyer: Caller, data: bytes, path: str = JOBS, **headers: str) -> Any:
    return await buyer.call("POST", path, JSON | headers, data=data)


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"model": "no-such-model"}, "model_not_found", "model"),
        ({"model": 5}, "invalid_request", "model"),
        ({"prompt": ""}, "invalid_request", "prompt"),
        ({"prompt": "x" * 2001}, "invalid_request", "prompt"),
        ({"prompt": "nul \0"}, "invalid_request", "prompt"),
        ({"prompt": None}, "invalid_request", "prompt"),
        ({"duration_seconds": "60"}, "invalid_request", "duration_seconds"),
        ({"duration_seconds": 60.0}, "invalid_request", "duration_seconds"),
        ({"duration_seconds": True}, "invalid_request", "duration_seconds"),
        ({"duration_seconds": 59}, "invalid_request", "duration_seconds"),
        ({"duration_seconds": 10**30}, "invalid_request", "duration_seconds"),
        ({"lyrics_prompt": "x" * 5001}, "invalid_request", "lyrics_prompt"),
        ({"force_instrumental": "yes"}, "invalid_request", "force_instrumental"),
        ({"voice": "nobody"}, "unsupported_parameter", "voice"),
        ({"webhook_url": "http://169.254.169.254/"}, "webhook_url_not_allowed", "webhook_url"),
        ({"webhook_url": "ftp://example.com/"}, "webhook_url_not_allowed", "webhook_url"),
        ({"webhook_url": "https://user:pw@example.com/"}, "webhook_url_not_allowed", "webhook_url"),
        ({"metadata": []}, "invalid_request", "metadata"),
        ({"metadata": {"a": "x" * 16_400}}, "invalid_request", "metadata"),
        ({"metadata": {"a\0": 1}}, "invalid_request", "metadata"),
        ({"n": 1}, "invalid_request", "n"),
    ],
)
async def test_a_field_that_cannot_be_is_named(buyer: Caller, fields: dict[str, Any], code: str, param: str) -> None:
    for path in (JOBS, "/v1/music/quotes"):
        reply = await buyer.order(path, **fields)
        assert reply.status in {400, 404}
        assert (reply.code, reply.error["param"]) == (code, param)
        assert reply.headers["x-should-retry"] == "false"


async def test_a_field_that_is_missing_is_named(buyer: Caller) -> None:
    reply = await buyer.post(JOBS, {"model": ORDER["model"]})
    assert (reply.status, reply.error["param"]) == (400, "prompt")


async def test_metadata_may_be_eight_levels_deep_and_no_deeper(buyer: Caller) -> None:
    def nested(levels: int) -> dict[str, Any]:
        return {} if levels == 1 else {"a": nested(levels - 1)}

    assert (await buyer.order(metadata=nested(8))).status == 202
    reply = await buyer.order(metadata=nested(9))
    assert (reply.status, reply.error["param"]) == (400, "metadata")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"prompt": NaN}',
        b'{"metadata": {"a": 1e400}}',
        b'{"prompt": "\\ud800"}',
        b'{"prompt": "\xff"}',
        b"[" * 60_000,
        b'{"metadata": ' * 50 + b"1" + b"}" * 50,
        b'{"duration_seconds": ' + b"9" * 5000 + b"}",
    ],
)
async def test_what_is_not_json_of_ours_is_a_400(buyer: Caller, data: bytes) -> None:
    reply = await sent(buyer, data)
    assert (reply.status, reply.code) == (400, "invalid_request")


async def test_a_body_that_is_not_json_is_unsupported(buyer: Caller) -> None:
    plain = await buyer.call("POST", JOBS, {"Content-Type": "text/plain"}, data=json.dumps(ORDER))
    form = await buyer.call("POST", JOBS, data={"model": "x"})
    zipped = await sent(buyer, gzip.compress(json.dumps(ORDER).encode()), **{"Content-Encoding": "gzip"})
    for reply in (plain, form, zipped):
        assert (reply.status, reply.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("expected", ["100-Continue", "100-continue"])
async def test_a_client_that_waits_to_be_bidden_is_bidden(buyer: Caller, expected: str) -> None:
    assert (await buyer.order(headers={"Expect": expected})).status == 202
    reply = await buyer.order(headers={"Expect": expected}, model="no-such-model")
    assert (reply.status, reply.code) == (404, "model_not_found")


@pytest.mark.parametrize("path", [JOBS, "/min30" + JOBS, "/api/markets", "/healthz"])
async def test_any_other_expectation_is_refused_in_the_same_form(buyer: Caller, path: str) -> None:
    reply = await buyer.get(path, Expect="the best")
    assert (reply.status, reply.code, reply.error["param"]) == (400, "invalid_request", "Expect")
    assert reply.headers["X-Request-Id"]


async def test_a_body_that_is_too_large_is_refused_announced_or_not(buyer: Caller) -> None:
    large = b'{"prompt": "' + b"x" * 300_000 + b'"}'

    async def trickling() -> Any:
        for start in range(0, len(large), 4096):
            yield large[start : start + 4096]

    for data in (large, trickling()):
        reply = await buyer.call("POST", JOBS, JSON, data=data)
        assert (reply.status, reply.code) == (413, "payload_too_large")


@pytest.mark.parametrize(
    "first", ["min101", "min030", "min-1", "min3.5", "min", "minimum", "min+3", "min 3", "min\u0663"]
)
async def test_what_only_looks_like_a_minimum_discount_is_refused(buyer: Caller, first: str) -> None:
    for path in (JOBS, "/v1/models", "/v1/nothing/here"):
        reply = await buyer.get(f"/{first}{path}")
        assert (reply.status, reply.code) == (400, "invalid_minimum_discount")


@pytest.mark.parametrize(
    "path", ["/min30/v1/models", "/min30/v1/buyer/me", "/min30/api/markets", "/min30/healthz", "/min30/min30" + JOBS]
)
async def test_only_generations_and_quotes_have_a_minimum_discount(buyer: Caller, path: str) -> None:
    reply = await buyer.get(path)
    assert (reply.status, reply.code) == (404, "not_found")


async def test_unknown_paths_and_methods_are_refused_in_the_same_form(buyer: Caller) -> None:
    assert (await buyer.get("/nothing")).code == "not_found"
    for path in (JOBS, "/min30" + JOBS):
        reply = await buyer.call("PUT", path, json={})
        assert (reply.status, reply.code) == (405, "method_not_allowed")
        assert {method.strip() for method in reply.headers["Allow"].split(",")} == {"GET", "POST"}


@pytest.mark.parametrize("path", [f"{JOBS}/x", f"{JOBS}/%00", f"{JOBS}/%ED%A0%80", f"{JOBS}/" + "A" * 36])
async def test_what_cannot_be_an_id_is_no_job(buyer: Caller, path: str) -> None:
    reply = await buyer.get(path)
    assert (reply.status, reply.code) == (404, "job_not_found")


@pytest.mark.parametrize("given", ["inf_" + "0" * 56, "nonsense", "", "é", "Bearer"])
async def test_a_key_that_opens_nothing_is_a_401(anyone: Caller, given: str) -> None:
    reply = await anyone.with_key(given).get(JOBS)
    assert (reply.status, reply.code) == (401, "invalid_api_key")
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.error["type"] == "authentication_error"


async def test_keys_of_the_other_side_are_refused(buyer: Caller, seller: Caller) -> None:
    assert (await seller.get(JOBS)).code == "wrong_key_type"
    assert (await seller.order()).status == 403
    assert (await buyer.get("/v1/seller/offers")).code == "wrong_key_type"


async def test_operators_paths_take_the_operators_token_alone(anyone: Caller, buyer: Caller) -> None:
    for caller in (anyone, buyer, anyone.with_key("é")):
        assert (await caller.post("/admin/v1/accounts", {"role": "buyer", "name": "x"})).status == 401


async def test_a_request_id_is_kept_when_it_is_one_and_replaced_otherwise(anyone: Caller) -> None:
    assert (await anyone.get("/healthz", **{"X-Request-Id": "mine.1"})).headers["X-Request-Id"] == "mine.1"
    for wrong in ("a b", "x" * 65, "é"):
        given = (await anyone.get("/nothing", **{"X-Request-Id": wrong})).headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f-]{36}", given)


async def test_a_key_that_asks_too_often_is_slowed_down(open_buyer: Any) -> None:
    eager = await open_buyer(credit=0, limits={"requests_per_minute": 3})
    replies = [await eager.get("/v1/buyer/me") for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert [reply.headers["x-ratelimit-remaining-requests"] for reply in replies] == ["2", "1", "0", "0"]
    assert replies[3].code == "rate_limit_exceeded"
    assert 1 <= int(replies[3].headers["Retry-After"]) <= 20


async def test_every_request_leaves_one_line_and_no_secret(buyer: Caller, api: Service) -> None:
    mark = "line-of-this-test"
    job = (await buyer.order(headers={"X-Request-Id": mark})).json
    log = api.log.read_text()
    of_this = [found for found in map(_line, log.splitlines()) if found.get("request_id") == mark]
    (line,) = (found for found in of_this if found["event"] == "request")
    assert (line["method"], line["route"], line["status"]) == ("POST", JOBS, 202)
    assert line["job_id"] == job["id"]
    assert line["trace_id"] and line["key_id"] and line["seconds"] >= 0
    assert buyer.key
    for secret in (buyer.key, job["job_token"]):
        assert secret not in log


async def test_nothing_that_was_asked_was_a_bug(api: Service, market: dict[str, Any]) -> None:
    lines = [_line(text) for text in api.log.read_text().splitlines()]
    assert not [line for line in lines if line["event"] == "bug" or line["event"].startswith("Error handling")]


def _line(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
