"""A part of an object is never taken from elsewhere in it, however its store answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from services.api.adapters.s3_media import S3Media
from shared.kernel.errors import Transient
from shared.kernel.secret import Secret
from shared.storage.objects import Store, open_objects

DATA = bytes(range(200))
FULL_RANGE = f"bytes 0-{len(DATA) - 1}/{len(DATA)}"


@asynccontextmanager
async def media(answer: web.Response) -> AsyncIterator[S3Media]:
    """Media whose store has one answer to everything."""

    async def say(request: web.Request) -> web.Response:
        return answer

    app = web.Application()
    app.router.add_get("/{path:.*}", say)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        async with open_objects(Store(f"http://{host}:{port}", "bucket", "us-east-1", "key", Secret("s"))) as opened:
            yield S3Media(opened)
    finally:
        await runner.cleanup()


async def read(opened: S3Media, first: int, last: int) -> bytes:
    async with opened.reading("key", first, last) as pieces:
        return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize("status", [200, 206])
async def test_a_part_is_read_whatever_the_status_it_comes_with(status: int) -> None:
    headers = {"Content-Range": f"bytes 50-99/{len(DATA)}"}
    async with media(web.Response(status=status, body=DATA[50:100], headers=headers)) as opened:
        assert await read(opened, 50, 99) == DATA[50:100]


@pytest.mark.parametrize("headers", [{}, {"Content-Range": FULL_RANGE}], ids=["no range", "another range"])
async def test_a_store_that_ignores_ranges_never_passes_for_one_that_knows_them(headers: dict[str, str]) -> None:
    async with media(web.Response(body=DATA, headers=headers)) as opened:
        with pytest.raises(Transient):
            await read(opened, 50, 99)


async def test_the_beginning_is_read_from_a_store_that_ignores_ranges_too() -> None:
    async with media(web.Response(body=DATA)) as opened:
        assert await read(opened, 0, 99) == DATA[:100]
