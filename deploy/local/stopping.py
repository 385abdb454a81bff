"""Ending processes by their records, in bounded time."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.record import read_record

KILL_GRACE_SECONDS = 10.0


def stop(paths: Sequence[Path], grace: float) -> None:
    """End the recorded processes together, and remove each record once its process is gone."""
    records = {path: record for path in paths if (record := read_record(path))}

    def all_gone() -> bool:
        return not any(record.alive for record in records.values())

    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, KILL_GRACE_SECONDS)):
        for record in records.values():
            record.send(number)
        if happens(all_gone, within=seconds):
            break
    for path, record in records.items():
        if not record.alive:
            path.unlink(missing_ok=True)


def happens(fact: Callable[[], bool], *, within: float, every: float = 0.05) -> bool:
    """Wait at most ``within`` seconds for a fact, and say whether it came true."""
    end = time.monotonic() + within
    while not fact():
        if time.monotonic() >= end:
            return False
        time.sleep(every)
    return True
