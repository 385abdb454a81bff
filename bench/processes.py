"""What the kernel knows of a process: the processor time it took and the memory it has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12
"""Where they stand in ``/proc/<pid>/stat`` after the name."""


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that all threads of the process took, in user and kernel mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / TICKS


def resident_bytes(pid: int) -> int:
    """Bytes of memory that the process has now."""
    return _status(pid, "VmRSS")


def most_resident_bytes(pid: int) -> int:
    """The most it had since its start, or since :func:`forget_most`."""
    return _status(pid, "VmHWM")


def forget_most(pid: int) -> None:
    """Let the most begin anew with what is resident now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


class Stopwatch:
    """The processor time of several processes, from one moment on."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._began = {name: processor_seconds(pid) for name, pid in pids.items()}

    def seconds(self) -> dict[str, float]:
        """What each has taken since."""
        return {name: processor_seconds(pid) - self._began[name] for name, pid in self._pids.items()}

    def total(self, names: Iterable[str]) -> float:
        """What these have taken together."""
        taken = self.seconds()
        return sum(taken[name] for name in names)


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"the kernel says nothing of {name}")
