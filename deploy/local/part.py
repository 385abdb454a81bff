"""What every part of the stack has in common: processes that start, and a moment at which it can be used."""

from collections.abc import Sequence
from typing import Protocol

from deploy.local.process import Process, happens

LOG_LINES_SHOWN = 15


class Part(Protocol):
    """A server, the simulator or a service."""

    @property
    def name(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def within(self) -> float:
        """The seconds in which it is ready, or has failed."""
        ...

    def configure(self) -> None:
        """Write what its processes read when they start."""
        ...

    def processes(self) -> Sequence[Process]:
        """Its processes in the order in which they start; the last one is the part itself."""
        ...

    def ready(self) -> bool:
        """Look once whether clients can use it, doing on the way what a new one still needs.  Safe to repeat."""
        ...


class DidNotStart(Exception):
    """A part died while starting, or was not ready in time; says what its log said last."""

    def __init__(self, process: Process, reason: str) -> None:
        tail = process.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        super().__init__("\n  | ".join([f"{process.name} {reason}; the end of {process.log}:", *tail]))


def start(part: Part) -> bool:
    """Start whatever of the part is not running; return whether anything was started."""
    processes = part.processes()
    if all(process.alive for process in processes):
        return False
    part.configure()
    for process in processes:
        process.start()
    return True


def await_ready(part: Part) -> None:
    """Return once the part can be used.  Raises ``DidNotStart`` when one of its processes is dead or time is up."""
    processes = part.processes()

    def decided() -> bool:
        return not all(process.alive for process in processes) or part.ready()

    if not happens(decided, within=part.within):
        raise DidNotStart(processes[-1], f"was not ready within {part.within:.0f} s")
    for process in processes:
        if not process.alive:
            raise DidNotStart(process, "stopped while starting")


def stop(part: Part, grace: float = 20.0) -> None:
    """Stop every process of the part, the last started first."""
    for process in reversed(part.processes()):
        process.stop(grace)
