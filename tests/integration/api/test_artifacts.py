"""Downloads: every byte, any part, only for whoever may, and never half of it unnoticed."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from pymongo.asynchronous.database import AsyncDatabase

from tests.integration.api.caller import Caller
from tests.integration.api.stored import AUDIO, SHA256, let_succeed, put_audio
from tests.servers.servers import Bucket

SIZE = len(AUDIO)


@pytest.fixture
async def job(
    buyer: Caller, market: dict[str, Any], database: AsyncDatabase[dict[str, Any]], object_store: Bucket
) -> dict[str, Any]:
    ordered: dict[str, Any] = (await buyer.order()).json
    put_audio(object_store, ordered["id"])
    await let_succeed(database, ordered["id"])
    return ordered


@pytest.fixture
def path(job: dict[str, Any]) -> str:
    return f"/v1/media/artifacts/{job['id']}/0"


async def test_the_whole_audio_comes_with_everything_a_browser_should_know(
    buyer: Caller, path: str, job: dict[str, Any]
) -> None:
    reply = await buyer.get(path)
    assert (reply.status, reply.body) == (200, AUDIO)
    headers = reply.headers
    assert headers["Content-Type"] == "audio/mpeg"
    assert headers["Content-Length"] == str(SIZE)
    assert headers["ETag"] == f'"{SHA256}"'
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Disposition"] == f'attachment; filename="busker-{job["id"]}-0.mp3"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


async def test_head_answers_the_same_without_the_bytes(buyer: Caller, path: str) -> None:
    reply = await buyer.call("HEAD", path)
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["Content-Length"] == str(SIZE)


@pytest.mark.parametrize("asked", ["bytes=0-9", f"bytes={SIZE}-"])
async def test_head_knows_no_ranges(buyer: Caller, path: str, asked: str) -> None:
    reply = await buyer.call("HEAD", path, headers={"Range": asked})
    assert (reply.status, reply.headers["Content-Length"]) == (200, str(SIZE))
    assert "Content-Range" not in reply.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=1000-70999", 1000, 70_999),
        ("bytes=299999-", SIZE - 1, SIZE - 1),
        ("bytes=-100", SIZE - 100, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
        ("bytes=5-999999999", 5, SIZE - 1),
    ],
)
async def test_a_part_is_exactly_the_part(buyer: Caller, path: str, asked: str, first: int, last: int) -> None:
    reply = await buyer.get(path, Range=asked)
    assert reply.status == 206
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert reply.body == AUDIO[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=300000-", "bytes=-0", "bytes=400000-500000"])
async def test_a_part_behind_the_end_is_refused(buyer: Caller, path: str, asked: str) -> None:
    reply = await buyer.get(path, Range=asked)
    assert (reply.status, reply.code) == (416, "range_not_satisfiable")
    assert reply.headers["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=5-2", "seconds=1-2", "bytes=", "bytes=a-b"])
async def test_what_is_no_single_range_gets_everything(buyer: Caller, path: str, asked: str) -> None:
    reply = await buyer.get(path, Range=asked)
    assert (reply.status, reply.body) == (200, AUDIO)


async def test_who_has_the_audio_already_is_told_so(buyer: Caller, path: str) -> None:
    reply = await buyer.get(path, **{"If-None-Match": f'"other", W/"{SHA256}"'})
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers["ETag"] == f'"{SHA256}"'


async def test_a_range_of_other_bytes_gets_everything(buyer: Caller, path: str) -> None:
    part = {"Range": "bytes=0-9"}
    assert (await buyer.get(path, **part, **{"If-Range": f'"{SHA256}"'})).status == 206
    assert (await buyer.get(path, **part, **{"If-Range": '"other"'})).status == 200


async def test_the_job_token_opens_it_and_nothing_else_does(
    anyone: Caller, open_buyer: Any, path: str, job: dict[str, Any]
) -> None:
    assert (await anyone.get(path, **{"X-Job-Token": job["job_token"]})).body == AUDIO
    assert (await anyone.get(path)).status == 401
    assert (await anyone.get(path, **{"X-Job-Token": "mjt_x"})).code == "job_not_found"
    assert (await (await open_buyer(credit=0)).get(path)).code == "job_not_found"


@pytest.mark.parametrize("index", ["1", "01", "-1", "x", "99999", "%00"])
async def test_an_output_that_never_was_is_not_found(buyer: Caller, job: dict[str, Any], index: str) -> None:
    reply = await buyer.get(f"/v1/media/artifacts/{job['id']}/{index}")
    assert (reply.status, reply.code) == (404, "artifact_not_found")


async def test_audio_past_its_retention_is_gone(
    buyer: Caller, job: dict[str, Any], path: str, database: AsyncDatabase[dict[str, Any]]
) -> None:
    await let_succeed(database, job["id"], expired=True)
    reply = await buyer.get(path)
    assert (reply.status, reply.code) == (410, "artifact_expired")
    assert (await buyer.get(f"/v1/music/generations/{job['id']}")).json["results"][0]["url"] is None


async def test_audio_that_the_store_has_lost_is_gone_too(
    buyer: Caller, market: dict[str, Any], database: AsyncDatabase[dict[str, Any]]
) -> None:
    ordered = (await buyer.order()).json
    await let_succeed(database, ordered["id"])
    assert (await buyer.get(f"/v1/media/artifacts/{ordered['id']}/0")).code == "artifact_expired"


async def test_audio_that_breaks_off_is_never_taken_for_whole(
    buyer: Caller, job: dict[str, Any], path: str, object_store: Bucket
) -> None:
    put_audio(object_store, job["id"], AUDIO[: SIZE // 2])
    with pytest.raises(aiohttp.ClientError):
        await buyer.get(path)


async def test_clients_that_leave_half_way_cost_nothing(buyer: Caller, path: str) -> None:
    for _ in range(80):
        async with buyer.open("GET", path) as answer:
            await answer.content.readexactly(10)
            answer.close()
    assert (await buyer.get(path)).body == AUDIO
