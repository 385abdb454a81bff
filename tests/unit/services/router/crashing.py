"""A router that dies at a chosen call into the world."""

from dataclasses import replace
from typing import Any

from services.router.handlers.routing import Routing
from tests.kit.crashes import Fate

PORTS = ("attempts", "standings", "jobs", "artifacts", "keys")


def doomed(routing: Routing, fate: Fate) -> Routing:
    """The same process, on its way to its fate."""
    providers: Any = {name: fate.doomed(provider, "provider") for name, provider in routing.providers.items()}
    return replace(routing, providers=providers, **fate.all_doomed(routing, PORTS))
