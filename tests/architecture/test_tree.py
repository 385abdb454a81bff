"""The tree keeps the promises that a linter cannot see."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(path for folder in ("services", "shared", "deploy") for path in (ROOT / folder).rglob("*.py"))
ALL = [*CODE, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]

LONGEST = 250
REFUSED = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "managers", "misc", "lib"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", ALL, ids=named)
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", CODE, ids=named)
def test_every_file_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "begin the file with a sentence about what it holds"


@pytest.mark.parametrize("path", CODE, ids=named)
def test_every_file_is_named_after_what_it_holds(path: Path) -> None:
    words = {path.stem, *(part for part in path.relative_to(ROOT).parts[:-1])}
    assert not words & REFUSED
    assert not path.stem.endswith("_service")


def test_nothing_in_the_project_reads_outside_of_it() -> None:
    for path in ALL:
        if path != Path(__file__):
            assert "../shared" not in path.read_text(encoding="utf-8"), named(path)
