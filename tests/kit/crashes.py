"""A process that comes to grief at a chosen call of its ports, before or after the call has had its effect."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from shared.kernel.errors import Transient


class Died(BaseException):
    """The process is no more: nothing catches this but the test."""


class Grief(Enum):
    """How it comes."""

    DEATH = Died
    """Whatever the process tries after that has no effect any more."""
    CANCELLATION = asyncio.CancelledError
    TROUBLE = Transient


@dataclass
class Fate:
    """Which call, counted from 1, meets grief, and whether it still has its effect; at 0 none does."""

    at: int = 0
    after: bool = False
    grief: Grief = Grief.DEATH
    at_call: str | None = None
    """Its name, where that is told instead of its number."""
    calls: list[str] = field(default_factory=list)
    """Those made so far."""
    over: bool = False
    """Once set, nobody dies any more: what the process had sent arrives through its own ports."""

    @property
    def met(self) -> bool:
        """Whether it has come to that."""
        return 0 < self.at <= len(self.calls)

    @property
    def dead(self) -> bool:
        return self.met and self.grief is Grief.DEATH and not self.over

    def doomed(self, port: Any, name: str) -> Any:
        """The same port, whose every call may be the last."""
        return _Doomed(port, name, self)

    def all_doomed(self, ports: Any, names: tuple[str, ...]) -> dict[str, Any]:
        """The ports that something has under these names, doomed."""
        return {name: self.doomed(getattr(ports, name), name) for name in names}

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        """Count one call, whose effect the block has, if it is granted."""
        if self.dead:
            raise Died(name)
        self.calls.append(name)
        if name == self.at_call:
            self.at = len(self.calls)
        fatal = len(self.calls) == self.at and not self.over
        if fatal and not self.after:
            raise self.grief.value(name)
        yield
        if fatal:
            raise self.grief.value(name)


class _Doomed:
    """A port as its process sees it; what it opens is doomed as well, by the name of the call that opened it."""

    def __init__(self, port: Any, name: str, fate: Fate) -> None:
        self._port = port
        self._name = name
        self._fate = fate

    def __getattr__(self, attribute: str) -> Any:
        target, name = getattr(self._port, attribute), f"{self._name}.{attribute}"
        if not inspect.ismethod(target):
            return target
        if inspect.iscoroutinefunction(target):
            return self._awaited(target, name)
        if _opens(target):
            return self._opened(target, name)
        return self._done(target, name)

    def _awaited(self, target: Any, name: str) -> Any:
        async def call(*args: Any, **options: Any) -> Any:
            with self._fate.call(name):
                return await target(*args, **options)

        return call

    def _done(self, target: Any, name: str) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            with self._fate.call(name):
                return target(*args, **options)

        return call

    def _opened(self, target: Any, name: str) -> Any:
        @asynccontextmanager
        async def opening(*args: Any, **options: Any) -> AsyncIterator[Any]:
            opened = target(*args, **options)
            with self._fate.call(name):
                inside = await opened.__aenter__()
            try:
                yield self._fate.doomed(inside, name)
            finally:
                if not self._fate.dead:
                    await opened.__aexit__(None, None, None)

        return opening


def _opens(method: Any) -> bool:
    """Whether it was made by ``asynccontextmanager``; what only yields is a call like others."""
    return inspect.isasyncgenfunction(inspect.unwrap(method)) and not inspect.isasyncgenfunction(method)
