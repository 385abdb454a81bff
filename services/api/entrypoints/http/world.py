"""Everything that routes are served with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.api.entrypoints.http.board import Board
from services.api.entrypoints.http.lately import Lately
from services.api.entrypoints.http.places import Places
from services.api.entrypoints.http.rates import Rates
from services.api.entrypoints.http.urls import Urls
from services.api.handlers.add_credit import Crediting
from services.api.handlers.ask_for_delivery import Asking
from services.api.handlers.authenticate import Authenticating
from services.api.handlers.cancel_job import Canceling
from services.api.handlers.create_key import Keeping
from services.api.handlers.create_offer import Selling
from services.api.handlers.follow_job import Following
from services.api.handlers.reseal import Resealing
from services.api.handlers.submit_job import Submitting
from services.api.ports import Books, Histories, Media, RememberedKeys
from shared.contracts.job_view import Links
from shared.kernel.clock import Clock
from shared.kernel.secret import Secret
from shared.messaging.dead_letters import DeadLetters
from shared.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class World:
    """The use cases with what they need, and what only HTTP itself needs."""

    authenticating: Authenticating
    submitting: Submitting
    canceling: Canceling
    following: Following
    keeping: Keeping
    selling: Selling
    resealing: Resealing
    crediting: Crediting
    remembered: RememberedKeys
    vault: Vault
    asking: Asking
    books: Books
    histories: Histories
    lately: Lately
    board: Board
    dead_letters: Mapping[str, DeadLetters]
    """By service."""
    links: Links
    media: Media
    urls: Urls
    places: Places
    rates: Rates
    clock: Clock
    public_url: str
    """Where the world reaches us, without a slash at the end."""
    admin_token: Secret | None
    """None: there are no operator's paths."""
