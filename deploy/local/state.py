"""The folder in which a stack keeps everything it knows and writes: ``.local/``."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class StateFolder:
    """Paths under one root, with files that appear whole and are readable by their owner alone."""

    def __init__(self, root: Path, *, lasting: bool = True) -> None:
        """Processes of a folder that is not ``lasting`` die with whoever started them."""
        self.root = root.resolve()
        self.lasting = lasting

    @property
    def logs(self) -> Path:
        return self.folder("logs")

    @property
    def records(self) -> Path:
        """Where each started process has its record, ``<name>.json``."""
        return self.folder("run")

    def folder(self, *names: str) -> Path:
        """Return a folder below the root, made if it was missing."""
        path = self.root.joinpath(*names)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def read(self, name: str) -> dict[str, Any]:
        """Return what ``save`` last kept under this name, or nothing."""
        try:
            kept: dict[str, Any] = json.loads((self.root / name).read_text())
        except FileNotFoundError:
            return {}
        return kept

    def save(self, name: str, values: dict[str, Any]) -> None:
        write_private(self.folder() / name, json.dumps(values, indent=2) + "\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one command at a time change the stack; another waits for its turn."""
        with (self.folder() / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, mode 0600, so that a crash leaves the old text or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
