"""A process of artifacts that comes to grief at a chosen call into the world."""

from dataclasses import replace
from typing import Any

from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.streams import Streams
from tests.kit.crashes import Fate

PORTS = ("jobs", "outputs", "copies", "objects", "keys", "announcer")


def doomed(keeping: Keeping, fate: Fate) -> Keeping:
    """The same process, on its way to its fate."""
    providers: Any = {name: fate.doomed(provider, "provider") for name, provider in keeping.providers.items()}
    return replace(keeping, providers=providers, streams=Streams(), **fate.all_doomed(keeping, PORTS))
