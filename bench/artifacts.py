"""A hundred bodies of two hundred megabytes at once: how much memory they take, and what a megabyte costs."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import aiohttp

from bench.broker import counted_facts, sink
from bench.figures import Figure, compared
from bench.given import announcing, given_jobs, given_sale, handed_over, now, running_job
from bench.loads import done_at_once
from bench.processes import Stopwatch, forget_most, most_resident_bytes, resident_bytes
from bench.progress import Say
from bench.provider import seconds_of
from bench.stage import Scene, Stage
from shared.contracts.job_events import JobGenerated
from shared.storage.objects import open_objects

if TYPE_CHECKING:
    from types_aiobotocore_s3.type_defs import CompletedMultipartUploadTypeDef, CompletedPartTypeDef

PART: Final = "artifacts"
BODY: Final = 200_000_000
OFFERED: Final = 100
KEPT: Final = 40
"""It is over when so many are kept: the others would only need more disk."""
SELLERS: Final = 10
"""Of one seller a process takes fewer in at once than it could."""
AT_ONCE: Final = 8
LIMIT: Final = 300
"""MiB that a process may take, whatever is offered to it."""
WITHIN: Final = 300.0
PART_BYTES: Final = 8 * 2**20


def measure(stage: Stage, say: Say) -> Iterator[Figure]:
    """The figures of keeping, with artifacts alone."""
    with stage.scene(PART, ("provider", PART), body_bytes=BODY) as scene:
        yield from asyncio.run(_measure(scene, say))


async def _measure(scene: Scene, say: Say) -> list[Figure]:
    pid, megabytes = scene.pids[PART], KEPT * BODY / 1e6
    say("bodies taken in and put away with nothing of ours around it")
    bare, least = await _bare(scene)
    say(f"{OFFERED} bodies of {BODY // 1_000_000} MB, at most {AT_ONCE} at once")
    before = resident_bytes(pid)
    forget_most(pid)
    watch, began = Stopwatch({PART: pid}), time.monotonic()
    await _kept(scene)
    seconds, taken = time.monotonic() - began, watch.total([PART])
    most = most_resident_bytes(pid)
    return [
        compared(PART, f"most memory with {OFFERED} bodies", most / 2**20, "MiB", floor=LIMIT, against="the limit"),
        compared(PART, "memory before", before / 2**20, "MiB", floor=LIMIT, against="the limit"),
        compared(PART, "megabytes kept", megabytes / seconds, "a second", floor=bare, against="floor"),
        compared(PART, "processor time of 100 MB", 100 * taken / megabytes, "s", floor=100 * least, against="floor"),
    ]


async def _kept(scene: Scene) -> None:
    """Say that so many jobs are generated; returns when enough audio is stored."""
    addresses = scene.addresses
    async with sink(addresses.amqp_url), counted_facts(addresses.amqp_url) as facts, announcing(scene) as announcer:
        sales, at = [await given_sale(scene) for _ in range(SELLERS)], now()
        sold = [(sale, running_job(sale, seconds=seconds_of(BODY))) for sale in sales * (OFFERED // SELLERS)]
        await given_jobs(scene, [job for _, job in sold])
        for sale, job in sold:
            await announcer.say(JobGenerated(**handed_over(sale, job.id, at), content_type="audio/wav"))
        async with asyncio.timeout(WITHIN):
            while facts["music.artifact.stored"] < KEPT:
                if facts["music.artifact.rejected"]:
                    raise RuntimeError("the audio of this package is not what artifacts takes for audio")
                await asyncio.sleep(0.05)


async def _bare(scene: Scene) -> tuple[float, float]:
    """Megabytes a second, and processor seconds a megabyte, of the least that does the same."""
    url = f"{scene.provider_url}/api/v1/audio/retrieve"
    async with aiohttp.ClientSession() as session, open_objects(scene.store) as store:

        async def keep(number: int) -> None:
            s3, bucket, key, digest = store.client, store.bucket, f"bare/{number}", hashlib.sha256()
            upload = (await s3.create_multipart_upload(Bucket=bucket, Key=key))["UploadId"]
            parts: list[CompletedPartTypeDef] = []
            async with session.post(url, json={}) as answer:
                while part := await _part(answer.content):
                    digest.update(part)
                    of = len(parts) + 1
                    put = await s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=of, Body=part)
                    parts.append({"ETag": put["ETag"], "PartNumber": of})
            done: CompletedMultipartUploadTypeDef = {"Parts": parts}
            await s3.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload, MultipartUpload=done)

        began, ours = time.monotonic(), time.process_time()
        await done_at_once(AT_ONCE, AT_ONCE, keep)
        seconds, taken = time.monotonic() - began, time.process_time() - ours
    megabytes = AT_ONCE * BODY / 1e6
    return megabytes / seconds, taken / megabytes


async def _part(body: aiohttp.StreamReader) -> bytes:
    part = bytearray()
    while len(part) < PART_BYTES and (piece := await body.readany()):
        part += piece
    return bytes(part)
