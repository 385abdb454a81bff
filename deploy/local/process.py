"""One detached process: started with a record on disk, recognised later, stopped in bounded time."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.state import StateFolder, write_private

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
KILL_GRACE_SECONDS = 10.0

# The child waits for one line and only then becomes the program.  If we die before its record is written,
# it reads the end of the pipe instead and is gone: no process ever runs without a record.
WHEN_RECORDED = ["/bin/sh", "-c", 'read -r go && exec "$@" </dev/null', "sh"]
DIES_WITH_ITS_PARENT = ["setpriv", "--pdeathsig", "KILL"]


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
        return bool(self.pid) and self.boot == _boot() and self.born == _birth(self.pid)

    @property
    def instance(self) -> str:
        """The name as environment variables spell it: ``ROUTER`` and ``ROUTER_2``."""
        return self.name.upper().replace("-", "_")


class Process:
    """A program with its log and its record; another ``Process`` of the same name and folder is the same one."""

    def __init__(
        self,
        record: Record,
        argv: Sequence[str],
        *,
        folder: StateFolder,
        env: Mapping[str, str],
        cwd: Path | None = None,
    ) -> None:
        self.name = record.name
        self.log = folder.logs / f"{record.name}.log"
        self._record = record
        self._path = folder.records / f"{record.name}.json"
        self._argv = [*([] if folder.lasting else DIES_WITH_ITS_PARENT), *argv]
        self._env = {**os.environ, **env}
        self._cwd = cwd

    @property
    def record(self) -> Record | None:
        """The record of the last start, or None if there was none."""
        return read_record(self._path)

    @property
    def alive(self) -> bool:
        record = self.record
        return record is not None and record.alive

    @property
    def pid(self) -> int:
        """The pid of the last start, 0 if there was none."""
        record = self.record
        return record.pid if record else 0

    def start(self) -> bool:
        """Start it unless it is running, and say whether it was started; never waits until it is ready."""
        if self.alive:
            return False
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [*WHEN_RECORDED, *self._argv],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._env,
                cwd=self._cwd,
                start_new_session=True,
            )
        born = _birth(child.pid) or 0
        known = Record(**{**asdict(self._record), "pid": child.pid, "born": born, "boot": _boot()})
        write_private(self._path, json.dumps(asdict(known)) + "\n")
        assert child.stdin is not None
        with child.stdin as gate:
            gate.write(b"go\n")
        child.returncode = 0  # it is on its own now: no warning when the handle is collected
        return True

    def stop(self, grace: float) -> None:
        """End it: SIGTERM, ``grace`` seconds, then SIGKILL.  Its record is gone when this returns."""
        stop(self._path, grace)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and whatever it started; nothing happens if it is dead already."""
        record = self.record
        if record is not None and record.alive:
            _signal(record, number)


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


def stop(path: Path, grace: float) -> None:
    """End the process recorded at ``path``, and remove the record once it is gone."""
    record = read_record(path)
    if record is not None and record.alive:
        _signal(record, signal.SIGTERM)
        if not happens(lambda: not record.alive, within=grace):
            _signal(record, signal.SIGKILL)
            happens(lambda: not record.alive, within=KILL_GRACE_SECONDS)
    path.unlink(missing_ok=True)


def happens(fact: Callable[[], bool], *, within: float, every: float = 0.05) -> bool:
    """Wait at most ``within`` seconds for a fact, and say whether it came true."""
    end = time.monotonic() + within
    while not fact():
        if time.monotonic() >= end:
            return False
        time.sleep(every)
    return True


def _signal(record: Record, number: signal.Signals) -> None:
    try:
        os.killpg(record.pid, number)
    except ProcessLookupError:
        return


def _birth(pid: int) -> int | None:
    """Return when the process was born, or None once it is dead (a zombie is dead)."""
    _reap(pid)
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if after_name[0] in "ZX" else int(after_name[19])


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return  # not a child of ours, or collected already


def _boot() -> str:
    return BOOT_ID.read_text().strip()
