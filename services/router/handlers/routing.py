"""What every use case of this process shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.router.domain.restraint import Restraint
from services.router.domain.waiting_room import WaitingRoom
from services.router.ports import Artifacts, Attempts, Jobs, Keys, Offers, Standings
from shared.kernel.backoff import Random
from shared.kernel.clock import Clock
from shared.market.book import OrderBook
from shared.market.catalogue import Catalogue
from shared.providers.provider import Provider


@dataclass(frozen=True, slots=True)
class Routing:
    """The market as this process sees it, and its ways into the world."""

    catalogue: Catalogue
    attempts: Attempts
    standings: Standings
    offers: Offers
    jobs: Jobs
    artifacts: Artifacts
    keys: Keys
    providers: Mapping[str, Provider]
    clock: Clock
    random: Random
    book: OrderBook = field(default_factory=OrderBook)
    restraint: Restraint = field(default_factory=Restraint)
    waiting: WaitingRoom = field(default_factory=WaitingRoom)
