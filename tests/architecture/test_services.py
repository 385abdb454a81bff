"""Every service has the same shape, and introduces itself as the catalogue of facts knows it."""

import importlib
from pathlib import Path

import pytest

from shared.contracts.facts import FACTS, broadcast_to, heard_by

ROOT = Path(__file__).parents[2]
SERVICES = ("api", "router", "poller", "artifacts", "webhooks")
PARTS = ("domain", "handlers", "adapters", "entrypoints")
FILES = ("__init__.py", "__main__.py", "settings.py", "wiring.py", "entrypoints/subscriptions.py")


def introduced(service: str, heading: str) -> set[str]:
    """The facts that a service's docstring lists under a heading."""
    text = " ".join((importlib.import_module(f"services.{service}").__doc__ or "").split())
    _, found, rest = text.partition(f"{heading}: ")
    if not found:
        return set()
    listed = rest.split(". ")[0] if heading == "Owns" else rest
    for other in ("Owns:", "Hears:", "Listens:", "Says:"):
        listed = listed.split(other)[0]
    return {word.strip("(),.;") for word in listed.split()} & set(FACTS)


def test_there_are_five_services() -> None:
    found = {path.name for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists()}
    assert found == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_shape_of_all_services(service: str) -> None:
    folder = ROOT / "services" / service
    for part in PARTS:
        assert (folder / part / "__init__.py").exists(), part
    for file in FILES:
        assert (folder / file).exists(), file
    # Where one file of ports would be too long to read, there is one for each subject.
    assert (folder / "ports.py").exists() or (folder / "ports" / "__init__.py").exists(), "ports"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_in_the_same_few_lines(service: str) -> None:
    lines = (ROOT / "services" / service / "__main__.py").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith('"""')] == [
        f"from services.{service}.settings import Settings",
        f"from services.{service}.wiring import build",
        "from shared.runtime.service import run",
        "run(build, Settings())",
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_introduces_itself_as_the_catalogue_knows_it(service: str) -> None:
    assert introduced(service, "Hears") == {fact.event.TYPE for fact in heard_by(service)}
    assert introduced(service, "Listens") == {fact.event.TYPE for fact in broadcast_to(service)}
    assert introduced(service, "Says") == {name for name, fact in FACTS.items() if fact.said_by == service}
