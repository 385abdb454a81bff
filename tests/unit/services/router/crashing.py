"""A process that dies at a chosen call into the world, before or after the call has had its effect."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from services.router.handlers.routing import Routing

PORTS = ("attempts", "standings", "jobs", "artifacts", "keys")


class Died(BaseException):
    """The process is no more: nothing catches this but the test."""


@dataclass
class Fate:
    """Which call, counted from 1, is the last one of the process, and whether it still has its effect."""

    at: int = 0
    after: bool = False
    calls: list[str] = field(default_factory=list)

    def fated(self, port: Any, name: str) -> "Doomed":
        return Doomed(port, name, self)


class Doomed:
    """A port whose calls are counted, and one of which is fatal."""

    def __init__(self, port: Any, name: str, fate: Fate) -> None:
        self._port = port
        self._name = name
        self._fate = fate

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method, fate = getattr(self._port, name), self._fate

        async def call(*args: Any, **kwargs: Any) -> Any:
            fate.calls.append(f"{self._name}.{name}")
            fatal = len(fate.calls) == fate.at
            if fatal and not fate.after:
                raise Died
            answer = await method(*args, **kwargs)
            if fatal:
                raise Died
            return answer

        return call


def doomed(routing: Routing, fate: Fate) -> Routing:
    """The same process, on its way to its fate."""
    ports: dict[str, Any] = {name: fate.fated(getattr(routing, name), name) for name in PORTS}
    providers: Any = {name: fate.fated(provider, "provider") for name, provider in routing.providers.items()}
    return replace(routing, providers=providers, **ports)
