"""Calls that go wrong because the simulator was told to."""

import asyncio

import aiohttp
import pytest

from tests.integration.simulator.caller import SHORT, Caller


@pytest.mark.parametrize("status", [401, 402, 403, 404, 422, 429, 500, 503])
@pytest.mark.parametrize("endpoint", ["quote", "queue", "retrieve", "complete"])
async def test_any_call_can_be_refused_with_any_status(caller: Caller, endpoint: str, status: int) -> None:
    await caller.misbehave({"do": "refuse", "on": endpoint, "status": status})
    reply = await caller.call(endpoint, SHORT)
    assert reply.status == status
    assert reply.json["error"]
    assert await caller.jobs() == []


async def test_a_refusal_can_ask_for_patience_and_suggest_another_prompt(caller: Caller) -> None:
    await caller.misbehave(
        {"do": "refuse", "on": "queue", "status": 429, "retry_after": 7, "headers": {"x-a": "b"}, "times": 1},
        {"do": "refuse", "on": "queue", "status": 422, "suggested_prompt": "A stormy instrumental."},
    )
    busy = await caller.call("queue", SHORT)
    assert (busy.headers["Retry-After"], busy.headers["x-a"]) == ("7", "b")
    assert (await caller.call("queue", SHORT)).json["suggested_prompt"] == "A stormy instrumental."


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("text", {"error": "No."}),
        ("object", {"error": {"message": "No.", "type": "api_error", "param": None, "code": "UNAUTHORIZED"}}),
        ("details", {"error": "No.", "details": {"_errors": []}}),
        ("issues", {"error": "No.", "issues": [{"code": "custom", "path": [], "message": "No."}]}),
    ],
)
async def test_errors_come_in_each_shape_the_provider_uses(
    caller: Caller, shape: str, expected: dict[str, object]
) -> None:
    await caller.misbehave({"do": "refuse", "status": 403, "shape": shape, "message": "No."})
    assert (await caller.call("queue", SHORT)).json == expected


@pytest.mark.parametrize("reset", [True, False])
async def test_a_call_can_be_dropped_before_anything_was_done(caller: Caller, reset: bool) -> None:
    await caller.misbehave({"do": "drop", "on": "queue", "reset": reset})
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.call("queue", SHORT)
    assert await caller.jobs() == []


@pytest.mark.parametrize("reset", [True, False])
async def test_a_job_can_be_taken_on_and_its_answer_lost(caller: Caller, reset: bool) -> None:
    await caller.misbehave({"do": "accept_then_drop", "on": "queue", "reset": reset})
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.call("queue", SHORT)
    (job,) = await caller.jobs()
    (call,) = await caller.calls("?path=queue")
    assert call["accepted"] is True
    assert (call["status"], call["queue_id"]) == (None, job["queue_id"])


async def test_a_job_can_be_taken_on_and_called_failed(caller: Caller) -> None:
    await caller.misbehave({"do": "accept_then_refuse", "on": "queue", "status": 500})
    assert (await caller.call("queue", SHORT)).status == 500
    assert len(await caller.jobs()) == 1


async def test_a_refused_request_is_not_what_accept_then_drop_waits_for(caller: Caller) -> None:
    await caller.misbehave({"do": "accept_then_drop", "on": "queue", "times": 1})
    assert (await caller.call("queue", SHORT | {"prompt": ""})).status == 400
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.call("queue", SHORT)


async def test_a_hanging_call_ends_when_its_caller_leaves(caller: Caller) -> None:
    await caller.misbehave({"do": "hang", "on": "queue"})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(caller.call("queue", SHORT), 0.1)
    async with asyncio.timeout(10):
        while not (calls := await caller.calls()):
            pass
    assert (calls[0]["behavior"], calls[0]["accepted"]) == ("hang", False)


async def test_a_slow_call_is_served_all_the_same(caller: Caller) -> None:
    await caller.misbehave({"do": "slow", "seconds": 0.05})
    assert (await caller.call("queue", SHORT)).status == 200
    assert (await caller.calls("?path=queue"))[0]["milliseconds"] >= 50


@pytest.mark.parametrize("form", ["html", "broken_json", "empty"])
async def test_an_answer_can_be_something_that_is_not_json(caller: Caller, form: str) -> None:
    await caller.misbehave({"do": "garbage", "on": "queue", "form": form})
    reply = await caller.call("queue", SHORT)
    assert reply.status == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        _ = reply.json
    assert len(await caller.jobs()) == 1


async def test_an_answer_can_be_json_of_the_wrong_kind(caller: Caller) -> None:
    await caller.misbehave(
        {"do": "garbage", "on": "queue", "form": "wrong_types", "times": 1},
        {"do": "garbage", "on": "queue", "form": "not_an_object", "times": 1},
        {"do": "missing_queue_id", "times": 1},
        {"do": "garbage", "on": "queue", "form": "huge_json", "times": 1},
    )
    assert isinstance((await caller.call("queue", SHORT)).json["queue_id"], list)
    assert (await caller.call("queue", SHORT)).json == ["QUEUED"]
    assert (await caller.call("queue", SHORT)).json == {"model": "elevenlabs-music", "status": "QUEUED"}
    assert len((await caller.call("queue", SHORT)).body) > 2**20


async def test_a_quote_can_be_of_the_wrong_type(caller: Caller) -> None:
    await caller.misbehave({"do": "garbage", "on": "quote", "form": "wrong_types"})
    assert (await caller.call("quote", {"model": "lyria-3-pro"})).json == {"quote": "0.1"}


async def test_a_queue_id_can_be_given_out_twice(caller: Caller) -> None:
    first = await caller.queue()
    await caller.misbehave({"do": "same_queue_id"})
    assert await caller.queue() == first
    assert len(await caller.jobs()) == 2


async def test_a_job_can_stay_unfinished_for_ever(caller: Caller) -> None:
    job = await caller.queue()
    assert (await caller.audio(job)).is_audio
    await caller.misbehave({"do": "never_ready", "queue_id": job["queue_id"]})
    assert (await caller.call("retrieve", job)).json["status"] == "PROCESSING"


async def test_a_job_can_fail_after_it_was_taken_on(caller: Caller) -> None:
    job = await caller.queue()
    await caller.misbehave({"do": "refuse", "on": "retrieve", "status": 422, "queue_id": job["queue_id"]})
    assert (await caller.call("retrieve", job)).status == 422
    assert (await caller.audio(await caller.queue())).is_audio


async def test_media_can_refuse_to_go_away(caller: Caller) -> None:
    job = await caller.queue()
    await caller.misbehave({"do": "keep_media", "times": 2})
    answers = [(await caller.call("complete", job)).json["success"] for _ in range(3)]
    assert answers == [False, False, True]


async def test_a_misbehavior_strikes_one_key_or_one_model_alone(caller: Caller) -> None:
    other = caller.with_key("sim-other-key-0002")
    await caller.misbehave(
        {"do": "refuse", "status": 503, "on": ["queue", "quote"], "key": other.key},
        {"do": "refuse", "status": 500, "model": "lyria-3-pro"},
    )
    assert (await other.call("queue", SHORT)).status == 503
    assert (await caller.call("queue", SHORT)).status == 200
    assert (await caller.call("queue", {"model": "lyria-3-pro", "prompt": "x"})).status == 500


async def test_misbehavior_can_be_added_shown_and_taken_away(caller: Caller) -> None:
    await caller.misbehave({"do": "refuse", "status": 503, "on": "queue", "key": caller.key})
    await caller.control("POST", "/behaviors", {"behaviors": [{"do": "keep_media"}]})
    assert (await caller.call("queue", SHORT)).status == 503
    shown = (await caller.control("GET", "/behaviors")).json["behaviors"]
    assert [(line["behavior"]["do"], line["struck"]) for line in shown] == [("refuse", 1), ("keep_media", 0)]
    assert caller.key is not None
    assert caller.key not in str(shown)

    assert (await caller.control("DELETE", f"/behaviors/{shown[0]['id']}")).status == 204
    assert (await caller.control("DELETE", f"/behaviors/{shown[0]['id']}")).status == 404
    assert (await caller.call("queue", SHORT)).status == 200
    assert (await caller.control("DELETE", "/behaviors")).status == 204
    assert (await caller.control("GET", "/behaviors")).json == {"behaviors": []}


async def test_a_misbehavior_that_does_not_exist_changes_nothing(caller: Caller) -> None:
    await caller.misbehave({"do": "keep_media"})
    reply = await caller.control("PUT", "/behaviors", {"behaviors": [{"do": "explode"}]})
    assert reply.status == 400
    assert len((await caller.control("GET", "/behaviors")).json["behaviors"]) == 1
