"""``down``: stop whatever the stack's records name, services first, and keep the data."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from deploy.local.process import Record, read_records, stop
from deploy.local.state import StateFolder

# A service may take 25 s to hand back what it holds.
GRACE_SECONDS = 30.0


def down(folder: StateFolder, say: Callable[[str], None]) -> None:
    """Stop every recorded process that is still the one that was started.  Safe to repeat at any moment."""
    with folder.locked():
        stages = groupby(reversed(read_records(folder.records)), key=lambda record: record.stage)
        for _, records in stages:
            _stop_all(folder, records, say)
        (folder.root / "stack.env").unlink(missing_ok=True)


def _stop_all(folder: StateFolder, records: Iterable[Record], say: Callable[[str], None]) -> None:
    def stop_one(record: Record) -> None:
        was_alive = record.alive
        stop(folder.records / f"{record.name}.json", GRACE_SECONDS)
        say(f"{record.name:<14} {'stopped' if was_alive else 'was not running'}")

    with ThreadPoolExecutor() as pool:
        list(pool.map(stop_one, records))
