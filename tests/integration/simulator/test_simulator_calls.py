"""The audio API as it is when nobody told the simulator to misbehave."""

import io

import pytest
import soundfile

from tests.integration.simulator.caller import SHORT, Caller


async def test_it_says_that_it_is_well(caller: Caller) -> None:
    async with caller.session.get(f"{caller.address}/healthz") as response:
        assert response.status == 200


async def test_a_quote_needs_no_key_and_checks_none(caller: Caller) -> None:
    wanted = {"model": "ace-step-15", "duration_seconds": "90"}
    for key in (None, "not-a-key"):
        assert (await caller.with_key(key).call("quote", wanted)).json == {"quote": 0.04}


async def test_a_job_is_queued_rendered_retrieved_and_completed(caller: Caller) -> None:
    queued = await caller.call("queue", SHORT)
    assert queued.status == 200
    assert set(queued.json) == {"model", "queue_id", "status"}
    assert queued.json["status"] == "QUEUED"
    job = {"model": queued.json["model"], "queue_id": queued.json["queue_id"]}

    audio = await caller.audio(job)
    assert audio.headers["Content-Type"] == "audio/flac"
    assert int(audio.headers["Content-Length"]) == len(audio.body)
    samples, rate = soundfile.read(io.BytesIO(audio.body))
    assert len(samples) / rate == pytest.approx(3, abs=0.05)

    assert (await caller.audio(job)).body == audio.body
    assert (await caller.call("complete", job)).json == {"success": True}
    assert (await caller.call("retrieve", job)).status == 404
    assert (await caller.call("complete", job)).json == {"success": True}


@pytest.mark.parametrize(
    ("model", "extra", "content_type"),
    [
        ("minimax-music-v26", {"lyrics_prompt": "[verse]\nOh what a day"}, "audio/mpeg"),
        ("elevenlabs-sound-effects-v2", {"duration_seconds": 1, "loop": True}, "audio/wav"),
        ("elevenlabs-tts-v3", {"voice": "Roger", "language_code": "en", "speed": 1.1}, "audio/wav"),
    ],
)
async def test_each_model_answers_in_its_own_format(
    caller: Caller, model: str, extra: dict[str, object], content_type: str
) -> None:
    queued = await caller.call("queue", {"model": model, "prompt": "Rain on the roof."} | extra)
    job = {"model": model, "queue_id": queued.json["queue_id"]}
    assert (await caller.audio(job)).headers["Content-Type"] == content_type


async def test_a_look_at_a_job_under_way_hears_how_far_it_is(caller: Caller) -> None:
    await caller.control("PUT", "/timing", {"render_seconds": 600})
    looked = await caller.call("retrieve", await caller.queue())
    assert looked.status == 200
    assert set(looked.json) == {"status", "average_execution_time", "execution_duration"}
    assert looked.json["status"] == "PROCESSING"
    assert 0 <= looked.json["execution_duration"] < looked.json["average_execution_time"]


async def test_media_goes_with_its_retrieval_when_asked_to(caller: Caller) -> None:
    job = await caller.queue()
    assert (await caller.audio(job, delete_media_on_completion=True)).is_audio
    assert (await caller.call("retrieve", job)).status == 404


@pytest.mark.parametrize("key", [None, "", "venice-key"])
@pytest.mark.parametrize("endpoint", ["queue", "retrieve", "complete"])
async def test_a_call_without_a_good_key_is_turned_away(caller: Caller, endpoint: str, key: str | None) -> None:
    reply = await caller.with_key(key).call(endpoint, SHORT)
    assert reply.status == 401
    assert reply.json == {"error": "Authentication failed"}


async def test_a_job_is_found_only_by_its_own_key_model_and_id(caller: Caller) -> None:
    job = await caller.queue()
    stranger = caller.with_key("sim-somebody-else")
    assert (await stranger.call("retrieve", job)).status == 404
    assert (await stranger.call("complete", job)).status == 404
    assert (await caller.call("retrieve", job | {"model": "ace-step-15"})).status == 404
    assert (await caller.call("retrieve", job | {"queue_id": "no-such-job"})).status == 404


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (SHORT | {"seed": 1}, "seed"),
        (SHORT | {"duration_seconds": 3.0}, "duration_seconds"),
        (SHORT | {"duration_seconds": True}, "duration_seconds"),
        (SHORT | {"duration_seconds": None}, "duration_seconds"),
        (SHORT | {"prompt": ""}, "prompt"),
        ({"model": "elevenlabs-music"}, "prompt"),
        ([SHORT], "body"),
        (b"{not json", "body"),
    ],
)
async def test_a_body_that_breaks_the_schema_is_refused_field_by_field(
    caller: Caller, document: object, field: str
) -> None:
    reply = await caller.call("queue", document)
    assert reply.status == 400
    assert reply.json["details"][field]["_errors"]


async def test_a_body_beyond_the_model_is_refused_with_issues(caller: Caller) -> None:
    reply = await caller.call("queue", SHORT | {"duration_seconds": 601})
    assert reply.status == 400
    assert [issue["path"] for issue in reply.json["issues"]] == [["duration_seconds"]]


async def test_a_model_that_does_not_exist_is_not_found(caller: Caller) -> None:
    assert (await caller.call("quote", {"model": "gone"})).status == 404


async def test_the_list_of_models_needs_a_key_and_says_what_each_takes(caller: Caller) -> None:
    url = f"{caller.address}/api/v1/models?type=music"
    async with caller.session.get(url) as refused:
        assert refused.status == 401
    async with caller.session.get(url, headers={"Authorization": "Bearer sim-reader"}) as response:
        listed = await response.json()
    models = {model["id"]: model["model_spec"] for model in listed["data"]}
    assert len(models) == 14
    assert models["ace-step-15"]["min_duration"] == 60
    assert models["elevenlabs-music"]["supports_force_instrumental"] is True
    assert all(spec["pricing"] and spec["supported_formats"] for spec in models.values())


async def test_paths_that_venice_does_not_have_are_not_found(caller: Caller) -> None:
    assert (await caller.call("cancel", {})).json == {"error": "Not found"}
