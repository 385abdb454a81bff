"""Tests stand on trusted fakes and wait for facts, and say so where they are slow on purpose."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

SLEEPERS = {
    "tests/kit/waiting.py",
    # Slow on purpose: a receiver that drips, a handler that dawdles between cuts, a broker that is left to settle.
    "tests/integration/webhooks/test_answers.py",
    "tests/integration/messaging/test_connection_cuts.py",
    "tests/integration/messaging/test_broker_outage.py",
}


def reached(path: Path) -> set[str]:
    """What a file imports, and the ``asyncio.…`` it names, in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(module=module, names=names):
                found |= {f"{module}.{alias.name}" for alias in names}
            case ast.Attribute(value=ast.Name(id="asyncio"), attr=attribute):
                found.add(f"asyncio.{attribute}")
    return found


def those_that_reach(name: str) -> set[str]:
    """The files of the tests that do, by name or by something inside it."""
    return {
        str(path.relative_to(ROOT))
        for path in TESTS
        if any(each == name or each.startswith(f"{name}.") for each in reached(path))
    }


def test_no_test_makes_a_mock() -> None:
    assert those_that_reach("unittest.mock") | those_that_reach("mock") == set()


def test_tests_sleep_in_one_place_and_where_they_are_slow_on_purpose() -> None:
    assert those_that_reach("asyncio.sleep") == SLEEPERS


def test_tests_hold_up_no_thread_either() -> None:
    assert those_that_reach("time.sleep") == set()
