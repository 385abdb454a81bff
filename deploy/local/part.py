"""What every part of the stack has in common: processes that start, and a moment at which it can be used."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from deploy.local.ports import accepts
from deploy.local.process import Process

LOG_LINES_SHOWN = 15
LOOK_EVERY_SECONDS = 0.05


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
        """Look once whether clients can use it, doing on the way what a new one still needs.

        Asked only while its port accepts; safe to repeat.
        """
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


def await_ready(parts: Sequence[Part], each: Callable[[Part], None] = lambda part: None) -> None:
    """Return once all parts can be used, telling of ``each`` as it becomes ready.

    Raises ``DidNotStart`` for the first that is found dead or whose time is up.
    """
    began = time.monotonic()
    waiting = list(parts)
    while waiting:
        for part in [part for part in waiting if _is_ready(part)]:
            waiting.remove(part)
            each(part)
        for part in waiting:
            if time.monotonic() - began > part.within:
                raise DidNotStart(part.processes()[-1], f"was not ready within {part.within:.0f} s")
        time.sleep(LOOK_EVERY_SECONDS if waiting else 0)


def _is_ready(part: Part) -> bool:
    for process in part.processes():
        if not process.alive:
            raise DidNotStart(process, "stopped while starting")
    return accepts(part.port) and part.ready()


def stop(part: Part, grace: float = 20.0) -> None:
    """Stop every process of the part, the last started first."""
    for process in reversed(part.processes()):
        process.stop(grace)
