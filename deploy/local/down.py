"""``down``: stop whatever the stack's records name, services first, and keep the data."""

from collections.abc import Callable
from itertools import groupby

from deploy.local.record import read_records
from deploy.local.state import StateFolder
from deploy.local.stopping import stop

# A service may take 25 s to hand back what it holds.
GRACE_SECONDS = 30.0


def down(folder: StateFolder, say: Callable[[str], None]) -> None:
    """Stop every recorded process that is still the one that was started.  Safe to repeat at any moment."""
    with folder.locked():
        stages = groupby(reversed(read_records(folder.records)), key=lambda record: record.stage)
        for _, records in stages:
            names = sorted(record.name for record in records)
            say(f"stopping {', '.join(names)} …")
            stop([folder.records / f"{name}.json" for name in names], GRACE_SECONDS)
        (folder.root / "stack.env").unlink(missing_ok=True)
