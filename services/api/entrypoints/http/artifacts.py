"""Downloads: stored audio, straight from the object store to whoever may have the job."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import structlog
from aiohttp import web

from services.api.domain.artifact import ArtifactNotFound, artifact_of
from services.api.entrypoints.http.byte_range import ByteRange, Unsatisfiable, wanted
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.errors import error_answer
from services.api.handlers.read_job import read_job
from shared.contracts.job_view import filename
from shared.contracts.records.job import JobRecord, Result
from shared.kernel.errors import Transient

SLOWEST: Final = timedelta(seconds=60)
"""How long a client may take for one piece."""
_LONGEST_INDEX: Final = 4

log = structlog.get_logger("http")


async def download(call: Call) -> web.StreamResponse:
    """Output ``index`` of a job, whole or a part of it; HEAD answers the same without the bytes."""
    following = call.world.following
    job = await read_job(call.job_id, call.reader, jobs=following.jobs, signing=following.signing)
    result = artifact_of(job, _index(call.request))
    headers = _headers(job, result)
    if _has_it(call.request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    try:
        part = wanted(_range(call.request, headers["ETag"]), result.bytes)
    except Unsatisfiable:
        message = f"there are {result.bytes} bytes"
        return error_answer("range_not_satisfiable", message, headers={"Content-Range": f"bytes */{result.bytes}"})
    return await _serve(call, job, result, part, headers)


async def _serve(
    call: Call, job: JobRecord, result: Result, part: ByteRange | None, headers: dict[str, str]
) -> web.StreamResponse:
    asked = part or ByteRange(0, result.bytes - 1)
    headers = headers | {"Content-Type": _content_type(result), "Content-Length": str(asked.length)}
    if part is not None:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{result.bytes}"
    answer = web.StreamResponse(status=200 if part is None else 206, headers=headers)
    if call.request.method == "HEAD" or not asked.length:
        await answer.prepare(call.request)
        return answer
    with call.world.places.taken("downloads", job.buyer_id):
        async with call.world.media.reading(result.key, asked.first, asked.last) as pieces:
            await answer.prepare(call.request)
            await _send(call.request, answer, pieces)
    return answer


async def _send(request: web.Request, answer: web.StreamResponse, pieces: AsyncIterator[bytes]) -> None:
    """Pass the pieces on, as long as there is somebody to take them.

    What breaks off half way ends the connection, so that its client can tell.
    """
    try:
        async for piece in pieces:
            async with asyncio.timeout(SLOWEST.total_seconds()):
                await answer.write(piece)
    except ConnectionError:
        return
    except (Transient, TimeoutError) as error:
        log.warning("download broken off", error=str(error) or "the client reads too slowly")
        if request.transport is not None:
            request.transport.abort()


def _index(request: web.Request) -> int:
    text = request.match_info["index"]
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_INDEX and str(int(text)) == text):
        raise ArtifactNotFound
    return int(text)


def _headers(job: JobRecord, result: Result) -> dict[str, str]:
    return {
        "ETag": f'"{result.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{filename(job, result)}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }


def _content_type(result: Result) -> str:
    return result.content_type if result.content_type.startswith("audio/") else "application/octet-stream"


def _has_it(request: web.Request, etag: str) -> bool:
    """Whether the client says that it has these very bytes already."""
    known = {item.strip().removeprefix("W/") for item in request.headers.get("If-None-Match", "").split(",")}
    return etag in known or "*" in known


def _range(request: web.Request, etag: str) -> str | None:
    """The range asked for, unless it was meant for other bytes; only GET knows ranges (RFC 9110, 14.2)."""
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    return request.headers.get("Range")
