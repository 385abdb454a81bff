"""The copies of an output that providers still have, until they are asked to forget them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from services.artifacts.domain.output import ONLY
from shared.contracts.job_events import HandedOver
from shared.kernel.backoff import exponential

FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=30)
GIVEN_UP_AFTER: Final = timedelta(hours=24)
"""A provider drops by itself what nobody fetched for so long."""


class CopyState(StrEnum):
    """What is to become of a copy."""

    KEPT = "kept"
    """It may still be needed."""
    DUE = "due"
    """Nobody needs it any more."""
    FORGOTTEN = "forgotten"
    GIVEN_UP = "given_up"
    """The provider would not forget it, however often it was asked."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What one attempt left at its provider, and how to reach it."""

    job_id: str
    index: int
    kind: str
    attempt: int
    offer_id: str
    provider: str
    base_url: str
    key_id: str
    provider_model: str
    provider_job_id: str


def copy_of(handed: HandedOver) -> Copy:
    """The copy that an attempt's provider has."""
    return Copy(
        job_id=handed.job_id,
        index=ONLY,
        kind=handed.kind,
        attempt=handed.attempt,
        offer_id=handed.offer_id,
        provider=handed.provider,
        base_url=handed.base_url,
        key_id=handed.key_id,
        provider_model=handed.provider_model,
        provider_job_id=handed.provider_job_id,
    )


def wait_before_asking_again(times_asked: int) -> timedelta:
    """How long a provider is left in peace after it was asked that often (at least once) in vain."""
    return exponential(FIRST_WAIT, times_asked - 1, LONGEST_WAIT)
