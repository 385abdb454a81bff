"""What is known of a started process, and whether it is still that process."""

import json
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.state import StateFolder

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Record:
    """What is written about a started process: enough to find, probe and stop it without its starter."""

    name: str
    stage: int  # stages are stopped from the highest down
    port: int
    probe: str | None  # the URL that answers 200 when it is ready; None: the port accepts
    pid: int = 0
    born: int = 0  # kernel clock ticks since boot
    boot: str = ""

    @property
    def alive(self) -> bool:
        """Whether the pid is still the very process that was started."""
        return bool(self.pid) and self.boot == boot_id() and self.born == birth(self.pid)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and what it started; nothing happens if it is dead."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)


def read_record(path: Path) -> Record | None:
    """Return the record kept at ``path``, or None if there is none."""
    try:
        return Record(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None


def is_alive(folder: StateFolder, name: str) -> bool:
    """Whether the process of that name runs."""
    record = read_record(folder.records / f"{name}.json")
    return record is not None and record.alive


def read_records(folder: Path) -> list[Record]:
    """Return every record of a stack, those of dead processes too, servers first."""
    found = [record for path in folder.glob("*.json") if (record := read_record(path))]
    return sorted(found, key=lambda record: (record.stage, record.name))


def birth(pid: int) -> int | None:
    """Return when the process was born, or None once it is dead.

    A zombie is dead when its last thread is: until then the sockets are open and the ports taken.
    """
    _reap(pid)
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, threads, born = after_name[0], int(after_name[17]), int(after_name[19])
    return None if state in "ZX" and threads <= 1 else born


def _reap(pid: int) -> None:
    with suppress(ChildProcessError):  # not a child of ours, or collected already
        os.waitpid(pid, os.WNOHANG)


def boot_id() -> str:
    return BOOT_ID.read_text().strip()
