"""An api that dies at a chosen call of a port."""

from __future__ import annotations

from tests.kit.crashes import Fate
from tests.unit.services.api.market import Market

PORTS = ("jobs", "accounts", "ledger", "requests", "attempts", "secrets", "post")


def doomed(market: Market, fate: Fate) -> Market:
    """The same market as a process sees it on its way to its fate."""
    seen = Market.__new__(Market)
    seen.__dict__.update(market.__dict__, **fate.all_doomed(market, PORTS))
    return seen
