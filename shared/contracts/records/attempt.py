"""One attempt of a job at one offer, as its owner, router, keeps it.  Offer and price are frozen in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.contracts.records.document import Document
from shared.kernel.money import Money
from shared.market.offers import Cost, Terms, parse_terms

COLLECTION: Final = "attempts"


class AttemptState(StrEnum):
    """How far an attempt came.  The first two are open."""

    INTENDED = "intended"
    """About to be submitted, or submitted with the answer not yet stored."""
    SUBMITTED = "submitted"
    """The provider accepted it and its id is stored."""
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    """Definitely not accepted; nothing was spent."""
    FAULTY = "faulty"
    """The provider says that the request itself is wrong."""
    FAILED = "failed"
    """Accepted, and then it came to nothing."""
    UNKNOWN = "unknown"
    """Nobody can tell whether it was accepted."""
    WITHDRAWN = "withdrawn"
    """Taken back before anything was sent."""


OPEN: Final = (AttemptState.INTENDED, AttemptState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One try: numbered from 1, at a frozen offer, price, place and key."""

    job_id: str
    number: int
    state: AttemptState
    kind: str
    offer_id: str
    seller_id: str
    provider: str
    base_url: str
    key_id: str
    model: str
    provider_model: str
    terms: Terms
    cost: Cost
    """What was estimated and reserved."""
    intended_at: datetime
    expires_at: datetime
    provider_job_id: str | None = None
    routed_at: datetime | None = None
    seen_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str | None = None
    code: str | None = None
    """Why it closed, in one word: a job's error code, or how a refusal paused the offer."""
    reservation_id: str = ""
    """Names what the attempt holds of its offer's standing."""

    @property
    def id(self) -> str:
        """``<job>:<number>``."""
        return attempt_id(self.job_id, self.number)


def attempt_id(job_id: str, number: int) -> str:
    """The id under which attempt ``number`` of a job is kept; one insert of it wins."""
    return f"{job_id}:{number}"


def read_attempt(document: Document) -> AttemptRecord:
    """The record of a stored attempt."""
    return AttemptRecord(
        job_id=document["job_id"],
        number=document["number"],
        state=AttemptState(document["state"]),
        kind=document["kind"],
        offer_id=document["offer_id"],
        seller_id=document["seller_id"],
        provider=document["provider"],
        base_url=document["base_url"],
        key_id=document["key_id"],
        model=document["model"],
        provider_model=document["provider_model"],
        terms=parse_terms(document["terms"]),
        cost=Cost(Money(document["seller_cost"]), Money(document["fee"])),
        intended_at=document["intended_at"],
        expires_at=document["expires_at"],
        provider_job_id=document.get("provider_job_id"),
        routed_at=document.get("routed_at"),
        seen_at=document.get("seen_at"),
        closed_at=document.get("closed_at"),
        reason=document.get("reason"),
        code=document.get("code"),
        reservation_id=document.get("reservation_id", ""),
    )
