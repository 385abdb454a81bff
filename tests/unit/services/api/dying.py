"""A process that dies at a chosen call of a port: just before it, or just after it took effect."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

from tests.unit.services.api.market import Market

PORTS = ("jobs", "accounts", "ledger", "requests", "attempts", "secrets", "post")


class Died(BaseException):
    """The process is gone; no handler of ours may catch this."""


@dataclass
class Plan:
    """Die at call number ``at`` (from 1), before or after its effect.  ``calls`` names those made so far.

    Once ``over``, nobody dies any more: what the process had sent arrives through its own ports.
    """

    at: int
    after: bool
    over: bool = False
    calls: list[str] = field(default_factory=list)

    def reached(self, name: str) -> bool:
        self.calls.append(name)
        return not self.over and len(self.calls) == self.at


class Dying:
    """A port through which every call goes by plan."""

    def __init__(self, port: Any, name: str, plan: Plan) -> None:
        self._port = port
        self._name = name
        self._plan = plan

    def __getattr__(self, attribute: str) -> Any:
        target = getattr(self._port, attribute)
        name = f"{self._name}.{attribute}"
        if inspect.iscoroutinefunction(target):
            return self._coroutine(target, name)
        return self._function(target, name) if inspect.ismethod(target) else target

    def _coroutine(self, target: Any, name: str) -> Any:
        async def call(*args: Any, **options: Any) -> Any:
            dies = self._plan.reached(name)
            if dies and not self._plan.after:
                raise Died(name)
            result = await target(*args, **options)
            if dies:
                raise Died(name)
            return result

        return call

    def _function(self, target: Any, name: str) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            dies = self._plan.reached(name)
            if dies and not self._plan.after:
                raise Died(name)
            result = target(*args, **options)
            if dies:
                raise Died(name)
            return result

        return call


def dying(market: Market, plan: Plan) -> Market:
    """The same market as a process sees it that will die by plan."""
    doomed = Market.__new__(Market)
    doomed.__dict__.update(market.__dict__)
    for name in PORTS:
        setattr(doomed, name, Dying(getattr(market, name), name, plan))
    return doomed
