"""What a buyer orders, and what it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.records.job import JobRecord
from shared.market.discount import Floor
from shared.market.parameters import Parameters


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The buyer's name for one request.  ``fingerprint`` is a hash of the body with its ``min{N}``."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Order:
    """One request for a job, not checked yet: the model may be an alias or none, and no default is filled in."""

    buyer_id: str
    parameters: Parameters
    floor: Floor | None = None
    webhook_url: str | None = None
    """As the buyer wrote it."""
    metadata: str | None = None
    """The buyer's object as JSON text."""
    idempotency: IdempotencyKey | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The job that the order became; ``replayed`` when an earlier request with the same key made it."""

    job: JobRecord
    replayed: bool
