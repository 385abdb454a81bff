"""The image is built from what is locked, holds only what runs, and runs without rights."""

import json
import re

from tests.unit.deploy.containers.env_file import ROOT
from tests.unit.deploy.containers.service_settings import SERVICES

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
LINES = DOCKERFILE.replace("\\\n", " ").splitlines()
ADMITTED = {
    line.removeprefix("!")
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line.startswith("!")
}


def instructions(name: str) -> list[str]:
    """What follows each instruction of this name."""
    return [line.removeprefix(f"{name} ") for line in LINES if line.startswith(f"{name} ")]


def stages() -> dict[str, str]:
    """What each stage is built from."""
    return {name: source for source, name in (line.split(" AS ") for line in instructions("FROM"))}


def test_every_package_is_checked_against_its_hash_and_nothing_is_compiled() -> None:
    installs = [line for line in instructions("RUN") if " install " in line]
    assert installs
    for line in installs:
        assert "--require-hashes" in line
        assert "--only-binary :all:" in line


def test_what_the_simulator_adds_is_locked() -> None:
    wanted = re.search(r"wanted = /\^\(([^)]*)\)==/", DOCKERFILE)
    assert wanted is not None
    locked = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    for package in wanted[1].split("|"):
        assert re.search(rf"^{package}==", locked, re.MULTILINE)


def test_a_plain_build_gives_the_services_and_a_target_the_simulator() -> None:
    assert list(stages())[-1] == "busker"
    assert "simulator" in stages()
    assert {source for source in stages().values() if source not in stages()} == {"python:3.11-slim"}


def test_the_context_admits_what_is_copied_and_little_else() -> None:
    copied = {source for line in instructions("COPY") if not line.startswith("--from") for source in line.split()[:-1]}
    assert copied == ADMITTED
    assert all((ROOT / source).exists() for source in copied)


def test_any_module_is_run_as_the_first_process_without_a_shell() -> None:
    assert [json.loads(line) for line in instructions("ENTRYPOINT")] == [["python", "-m"]]
    assert all(json.loads(line) for line in instructions("CMD"))
    assert instructions("STOPSIGNAL") == ["SIGTERM"]
    assert all((ROOT / "services" / service / "__main__.py").exists() for service in SERVICES)


def test_nothing_runs_as_root() -> None:
    assert instructions("USER") == ["10001", "10001"]
