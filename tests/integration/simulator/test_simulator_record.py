"""What the simulator remembers, and who it lets in."""

from tests.integration.simulator.caller import SHORT, Caller

_LONG = {"model": "stable-audio-25", "duration_seconds": 30}


async def test_a_caller_that_reads_the_headers_and_leaves_has_only_looked(caller: Caller) -> None:
    job = await caller.rendered(**_LONG)
    before = await caller.job_when(lambda job: job["full_retrieves"] == 1)
    for _ in range(3):
        async with caller.open("retrieve", job) as response:
            assert response.headers["Content-Type"] == "audio/wav"
            response.close()
    known = await caller.job_when(lambda job: job["looks"] + job["full_retrieves"] == before["looks"] + 1 + 3)
    assert (known["looks"], known["full_retrieves"]) == (before["looks"] + 3, 1)
    looks = [call for call in await caller.calls("?path=retrieve") if not call["whole"]]
    assert all(call["bytes_sent"] < 2_000_000 for call in looks)


async def test_a_short_answer_left_at_its_headers_is_a_look_too(caller: Caller) -> None:
    job = await caller.rendered()
    before = await caller.job_when(lambda job: job["full_retrieves"] == 1)
    async with caller.open("retrieve", job) as response:
        response.close()
    known = await caller.job_when(lambda job: job["looks"] + job["full_retrieves"] == before["looks"] + 1 + 1)
    assert (known["looks"], known["full_retrieves"]) == (before["looks"] + 1, 1)


async def test_looks_retrievals_and_completions_are_counted_by_job(caller: Caller) -> None:
    await caller.control("PUT", "/timing", {"render_seconds": 600})
    waiting = await caller.queue()
    await caller.control("PUT", "/timing", {"render_seconds": 0})
    done = await caller.rendered()
    before = {job["queue_id"]: job["looks"] for job in await caller.jobs()}
    await caller.call("retrieve", waiting)
    await caller.audio(done)
    await caller.misbehave({"do": "cut", "framing": "lying"})
    await caller.audio(done)
    await caller.call("complete", done)
    counts = {job["queue_id"]: (job["looks"], job["full_retrieves"], job["completes"]) for job in await caller.jobs()}
    assert counts == {waiting["queue_id"]: (1, 0, 0), done["queue_id"]: (before[done["queue_id"]] + 1, 2, 1)}


async def test_a_stranger_asking_for_a_job_is_not_counted(caller: Caller) -> None:
    job = await caller.queue()
    await caller.with_key("sim-somebody-else").call("retrieve", job)
    assert (await caller.jobs())[0]["looks"] == 0


async def test_calls_can_be_filtered_and_never_show_a_key(caller: Caller) -> None:
    assert caller.key is not None
    job = await caller.queue()
    other = caller.with_key("sim-other-caller-9")
    await other.call("queue", SHORT | {"prompt": ""})
    await caller.call("complete", job)

    assert [call["status"] for call in await caller.calls(f"?key={other.key}")] == [400]
    assert len(await caller.calls(f"?queue_id={job['queue_id']}")) == 2
    assert len(await caller.calls("?path=/audio/complete")) == 1
    assert len(await caller.jobs(f"?key={other.key}")) == 0
    everything = str(await caller.calls()) + str(await caller.jobs())
    assert caller.key not in everything
    assert (await caller.calls())[0]["key_suffix"] == caller.key[-4:]

    await caller.control("DELETE", "/calls")
    assert await caller.calls() == []


async def test_everything_can_be_forgotten_at_once(caller: Caller) -> None:
    job = await caller.queue()
    await caller.misbehave({"do": "refuse", "status": 503})
    assert (await caller.control("DELETE", "")).status == 204
    assert await caller.jobs() == []
    assert await caller.calls() == []
    assert (await caller.call("retrieve", job)).status == 404


async def test_a_key_can_be_given_a_balance_and_used_up(caller: Caller) -> None:
    poor = caller.with_key("a-key-of-any-form")
    assert (await poor.call("queue", SHORT)).status == 401
    await caller.control("PUT", "/keys", {"key": poor.key, "balance_usd": "0.70"})
    assert (await poor.call("queue", SHORT)).status == 200
    refused = await poor.call("queue", SHORT)
    assert (refused.status, refused.json["error"]["code"]) == (402, "INSUFFICIENT_BALANCE")
    listed = (await caller.control("GET", "/keys")).json["keys"]
    assert listed == [{"key_suffix": "form", "balance_usd": "0.010000", "revoked": False}]


async def test_a_key_can_be_revoked_and_forgotten_again(caller: Caller) -> None:
    await caller.control("PUT", "/keys", {"key": caller.key, "revoked": True})
    assert (await caller.call("queue", SHORT)).status == 401
    await caller.control("DELETE", "/keys")
    assert (await caller.call("queue", SHORT)).status == 200


async def test_limits_are_off_until_they_are_switched_on(caller: Caller) -> None:
    unlimited = await caller.call("queue", SHORT)
    assert not [name for name in unlimited.headers if name.lower().startswith("x-ratelimit")]
    await caller.control("PUT", "/limits", {"enabled": True, "requests_per_minute": 1000})
    limited = await caller.call("queue", SHORT)
    assert limited.headers["x-ratelimit-limit-requests"] == "1000"
    assert limited.headers["x-ratelimit-remaining-requests"] == "999"
    assert int(limited.headers["x-ratelimit-reset-requests"]) > 1_700_000_000


async def test_a_key_that_keeps_failing_is_blocked(caller: Caller) -> None:
    await caller.control("PUT", "/limits", {"enabled": True, "failures": 2})
    statuses = [(await caller.call("queue", SHORT | {"prompt": ""})).status for _ in range(4)]
    assert statuses == [400, 400, 400, 429]
    assert (await caller.call("queue", SHORT)).status == 429
    assert (await caller.with_key("sim-well-behaved").call("queue", SHORT)).status == 200


async def test_an_instruction_that_cannot_be_read_is_refused(caller: Caller) -> None:
    assert (await caller.control("PUT", "/limits", {"requests_per_minute": 0})).status == 400
    assert (await caller.control("PUT", "/timing", {"render_seconds": -1})).status == 400
    refused = await caller.control("PUT", "/keys", {"key": "sim-secret-key-77", "balance": 1})
    assert refused.status == 400
    assert b"sim-secret-key-77" not in refused.body
