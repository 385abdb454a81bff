"""Ordinary jobs, accounts, offers and attempts, to be varied by whoever tests with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.api.domain.account import Account, Limits, Role
from services.api.domain.ending import Delivered
from services.api.domain.outbox import Letter
from shared.contracts.records.attempt import AttemptRecord, AttemptState
from shared.contracts.records.job import JobRecord, JobStatus, Result, Winner
from shared.contracts.records.offer import OfferRecord
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.market.offers import Cost, Multiplier, Offer, OfferStatus
from shared.market.parameters import Parameters

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
MODEL = "venice-ace-step-15"
"""Lists at 30000 micros for 60 seconds."""


class Directory:
    """Names that all lead to one public address, or nowhere while there is an ``error``."""

    def __init__(self) -> None:
        self.error: OSError | None = None

    async def addresses(self, host: str) -> Sequence[str]:
        if self.error is not None:
            raise self.error
        return ["93.184.215.14"]


def account(**changes: Any) -> Account:
    money = Money(1_000_000)
    ordinary = Account(new_id(), Role.BUYER, "Ada", Limits(), AT, credited=money, available=money)
    return replace(ordinary, **changes)


def job(**changes: Any) -> JobRecord:
    ordinary = JobRecord(
        id=new_id(),
        kind="music",
        buyer_id=new_id(),
        status=JobStatus.QUEUED,
        parameters=Parameters(MODEL, "a quiet tune", duration_seconds=60),
        minimum_discount=None,
        reference_cost=Money(30_000),
        estimated_cost=Money(21_000),
        max_cost=Money(23_100),
        fee_bps=0,
        created_at=AT,
        expires_at=AT + timedelta(minutes=15),
        metadata=None,
        webhook_url=None,
        token_key_id="k1",
    )
    return replace(ordinary, **changes)


def letter(event_id: str = "e1", at: datetime = AT) -> Letter:
    return Letter(event_id, "music.job.created", b"{}", True, at)


def result() -> Result:
    return Result(0, "async-media/x/0.mp3", "audio/mpeg", 960_640, "ab" * 32, timedelta(seconds=60.04), AT)


def delivered(seller_id: str = "s1", cost: int = 21_000) -> Delivered:
    return Delivered(AT, (result(),), Winner(1, "o1", seller_id), Money(cost), Money(cost))


def offer(**changes: Any) -> Offer:
    ordinary = Offer(
        id=new_id(),
        seller_id=new_id(),
        provider="venice",
        base_url="https://render.example/api/v1",
        model=MODEL,
        terms=Multiplier(7_000),
        status=OfferStatus.ACTIVE,
        key_id="key-1",
        cap_daily=None,
        max_concurrent=100,
    )
    return replace(ordinary, **changes)


def offer_record(**changes: Any) -> OfferRecord:
    return OfferRecord(offer(**changes), 1, None, AT, {"key-1": "sealed"})


def attempt(job_id: str, number: int = 1, **changes: Any) -> AttemptRecord:
    ordinary = AttemptRecord(
        job_id=job_id,
        number=number,
        state=AttemptState.SUBMITTED,
        kind="music",
        offer_id="o1",
        seller_id="s1",
        provider="venice",
        base_url="https://render.example/api/v1",
        key_id="key-1",
        model=MODEL,
        provider_model="ace-step-15",
        terms=Multiplier(7_000),
        cost=Cost(Money(21_000), Money(0)),
        intended_at=AT,
        expires_at=AT + timedelta(minutes=15),
    )
    return replace(ordinary, **changes)
