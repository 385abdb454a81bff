"""The catalogue is refreshed from a provider's own list: shown first, written when that is wanted."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from deploy.catalogue.file import SHIPPED, read
from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings
from tests.contract.providers.raw_server import http, raw_server

ROOT = Path(__file__).parents[4]
KEY = "sim-canary-of-the-operator"


@pytest.fixture(scope="module")
async def provider_url() -> AsyncIterator[str]:
    async with serving(Settings(port=0)) as address:
        yield f"{address}/api/v1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The catalogue that comes with the market, but dearer, without one model and with one of old."""
    models: list[dict[str, Any]] = json.loads(SHIPPED.read_text())
    gone = models[0] | {"id": "venice-of-old", "provider_model": "of-old", "aliases": []}
    models[0]["pricing"] = {"generation": "99"}
    path = tmp_path / "models.json"
    path.write_text(json.dumps([*models[:-1], gone]))
    path.chmod(0o640)
    return path


async def refresh(base_url: str, file: Path, *more: str, key: str = KEY) -> tuple[int, str]:
    command = (sys.executable, "-m", "deploy.catalogue", "refresh", "--base-url", base_url, "--file", str(file), *more)
    process = await asyncio.create_subprocess_exec(
        *command,
        env={"VENICE_API_KEY": key, "ALLOW_PRIVATE_NETWORKS": "1"},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_the_difference_is_shown_and_nothing_written(provider_url: str, file: Path) -> None:
    before = file.read_bytes()
    code, said = await refresh(provider_url, file)
    assert code == 0
    assert "pricing: 99 each → 30000 up to 60 s, 40000 up to 90 s" in said
    assert "no longer assumed: default_duration, lyrics_limit, prompt_limit" in said
    assert "new      venice-sonilo-v1-1-sound-effects: 2070 a second" in said
    assert "gone     venice-of-old is no longer listed; it stays" in said
    assert "nothing is written" in said
    assert file.read_bytes() == before


async def test_it_is_taken_over_when_that_is_wanted_and_then_there_is_nothing_left(
    provider_url: str, file: Path
) -> None:
    assert (await refresh(provider_url, file, "--apply"))[0] == 0
    models = {model.id: model for model in read(file)}
    assert models["venice-ace-step-15"].aliases == ("venice-music-gen",)
    assert models["venice-ace-step-15"].assumed == ()
    assert "venice-sonilo-v1-1-sound-effects" in models
    assert "venice-of-old" in models
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    _, said = await refresh(provider_url, file, "--apply")
    assert "nothing to take over" in said


async def test_a_model_that_is_gone_is_removed_by_name_alone(provider_url: str, file: Path) -> None:
    code, said = await refresh(provider_url, file, "--remove", "venice-ace-step-15", "--apply")
    assert (code, "only a model that is no longer listed" in said) == (1, True)
    assert (await refresh(provider_url, file, "--remove", "venice-of-old", "--apply"))[0] == 0
    assert read(file).find("venice-of-old") is None


@pytest.mark.parametrize(
    "answer",
    [
        http(200, '{"data": []}'),
        http(200, '{"data": [{"id": "a"}, {"id": "a"}]}'),
        http(200, "[]"),
        http(200, "<html>", content_type="text/html"),
        http(200, "x" * (1024 * 1024 + 1)),
        http(302, "", "Location: https://elsewhere.example/"),
        http(401, '{"error": "no such key: ' + KEY + '"}'),
        http(500, ""),
        b"nonsense",
    ],
    ids=lambda answer: repr(answer[:60]),
)
async def test_an_answer_that_is_no_list_ends_in_one_line_without_the_key(answer: bytes, file: Path) -> None:
    before = file.read_bytes()
    async with raw_server(answer) as server:
        code, said = await refresh(server.base_url, file, "--apply")
    assert code == 1
    assert len(said.splitlines()) == 1
    assert "gave no list" in said
    assert KEY not in said
    assert file.read_bytes() == before
    assert server.heard[0].line == "GET /api/v1/models?type=music HTTP/1.1"


async def test_a_file_that_cannot_be_read_is_named(provider_url: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('[{"id": "m", "surprise": 1}]')
    assert await refresh(provider_url, broken) == (1, "m: surprise is no field of a model\n")
    code, said = await refresh(provider_url, tmp_path / "none.json")
    assert (code, len(said.splitlines())) == (1, 1)


async def test_without_a_key_nothing_is_asked(provider_url: str, file: Path) -> None:
    code, said = await refresh(provider_url, file, key="")
    assert (code, "VENICE_API_KEY" in said) == (1, True)
