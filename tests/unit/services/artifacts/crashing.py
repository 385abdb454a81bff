"""A process that comes to grief at a chosen call into the world, before or after the call has had its effect."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.streams import Streams
from shared.kernel.errors import Transient

PORTS = ("jobs", "outputs", "copies", "objects", "keys", "announcer")


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
    """Which call, counted from 1, meets grief, and whether it still has its effect."""

    grief: Grief
    at: int = 0
    after: bool = False
    at_call: str | None = None
    """Its name, where that is told instead of its number."""
    calls: list[str] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether it has come to that."""
        return 0 < self.at <= len(self.calls)

    @property
    def dead(self) -> bool:
        return self.met and self.grief is Grief.DEATH

    async def call(self, name: str, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Make one call, if it is granted."""
        if self.dead:
            raise Died
        self.calls.append(name)
        if name == self.at_call:
            self.at = len(self.calls)
        fatal = len(self.calls) == self.at
        if fatal and not self.after:
            raise self.grief.value(name)
        answer = await method(*args, **kwargs)
        if fatal:
            raise self.grief.value(name)
        return answer


class Doomed:
    """A port whose every call may be the last."""

    def __init__(self, port: Any, name: str, fate: Fate) -> None:
        self._port = port
        self._name = name
        self._fate = fate

    def __getattr__(self, method: str) -> Any:
        bound = getattr(self._port, method)
        if method in ("writing", "fetch"):
            return lambda *args, **kwargs: self._opened(bound(*args, **kwargs), method)
        return lambda *args, **kwargs: self._fate.call(f"{self._name}.{method}", bound, *args, **kwargs)

    @asynccontextmanager
    async def _opened(self, opened: Any, method: str) -> AsyncIterator[Any]:
        inside = await self._fate.call(f"{self._name}.{method}", opened.__aenter__)
        try:
            yield Doomed(inside, "upload", self._fate) if method == "writing" else inside
        finally:
            if not self._fate.dead:
                await opened.__aexit__(None, None, None)


def doomed(keeping: Keeping, fate: Fate) -> Keeping:
    """The same process, on its way to its fate."""
    ports: dict[str, Any] = {name: Doomed(getattr(keeping, name), name, fate) for name in PORTS}
    providers: Any = {name: Doomed(provider, "provider", fate) for name, provider in keeping.providers.items()}
    return replace(keeping, providers=providers, streams=Streams(), **ports)
