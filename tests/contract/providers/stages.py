"""Each implementation of a provider, with one way to say how its jobs will go."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shared.egress.names import SystemNames
from shared.egress.session import GuardedSession, open_guarded_session
from shared.kernel.secret import Secret
from shared.providers.memory import MemoryProvider, Script
from shared.providers.outcomes import QuoteOutcome
from shared.providers.provider import Access, Provider
from shared.providers.registry import open_providers
from shared.runtime.clock import SystemClock
from tests.contract.providers.stub import KEY, StubVenice, serving


@dataclass(frozen=True)
class Stage:
    """A provider and the hands behind it."""

    provider: Provider
    access: Access
    expect: Callable[[Script], None]
    quote: Callable[[QuoteOutcome], None]


@asynccontextmanager
async def memory_stage() -> AsyncIterator[Stage]:
    provider = MemoryProvider()
    yield Stage(provider, Access("memory:", Secret(KEY)), provider.expect, provider.quotes.append)


@asynccontextmanager
async def venice_stage() -> AsyncIterator[Stage]:
    stub = StubVenice()
    async with serving(stub) as base_url, loopback_session() as session:
        provider = open_providers(session, SystemClock(), allow_private=True)["venice"]
        yield Stage(provider, Access(base_url, Secret(KEY)), stub.scripts.append, stub.quotes.append)


@asynccontextmanager
async def loopback_session() -> AsyncIterator[GuardedSession]:
    """The guarded session as development has it: loopback is allowed."""
    names = SystemNames()
    try:
        async with open_guarded_session(names, allow_private=True) as session:
            yield session
    finally:
        names.close()


STAGES = {"memory": memory_stage, "venice": venice_stage}
