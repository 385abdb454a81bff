"""One detached process: started with a record on disk, and found again by it."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from deploy.local.record import Record, birth, boot_id, read_record
from deploy.local.state import StateFolder, write_private
from deploy.local.stopping import stop

# The child waits for one line and only then becomes the program.  If we die before its record is written,
# it reads the end of the pipe instead and is gone: no process ever runs without a record.
WHEN_RECORDED = ["/bin/sh", "-c", 'read -r go && exec "$@" </dev/null', "sh"]
DIES_WITH_ITS_PARENT = ["setpriv", "--pdeathsig", "KILL"]

# What a user has set for other brokers and stores does not reach ours.
NOT_INHERITED = ("RABBITMQ_", "ERL_", "RCLONE_", "AWS_")


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
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
        self._env = {**inherited, **env}
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
        known = replace(self._record, pid=child.pid, born=birth(child.pid) or 0, boot=boot_id())
        write_private(self._path, json.dumps(asdict(known)) + "\n")
        assert child.stdin is not None
        with child.stdin as gate:
            gate.write(b"go\n")
        child.returncode = 0  # it is on its own now: no warning when the handle is collected
        return True

    def stop(self, grace: float) -> None:
        """End it: SIGTERM, ``grace`` seconds, then SIGKILL.  Its record is gone when this returns."""
        stop([self._path], grace)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and whatever it started; nothing happens if it is dead already."""
        record = self.record
        if record is not None:
            record.send(number)
