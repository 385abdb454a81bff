"""A job as its buyer is answered it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from services.api.entrypoints.http.shapes import Id, Unix, Usdc, one_of
from shared.contracts.records.job import JobStatus, SettlementStatus

STATUSES = tuple(status.value for status in JobStatus if status is not JobStatus.VOID)
"""Those that a buyer ever sees."""


class AcceptedView(TypedDict):
    """What an order became."""

    id: Id
    object: Literal["media.job"]
    kind: str
    status: Literal["queued"]
    created: Unix
    expires_at: Unix
    estimated_cost_usdc: Usdc
    max_cost_usdc: Annotated[Usdc, Field(description="What is held, in whole micro-USDC; never exceeded.")]
    poll_url: str
    cancel_url: str
    job_token: Annotated[str | None, Field(description="Opens this one job, in X-Job-Token.")]


class ResultView(TypedDict):
    """One stored output."""

    artifact_index: int
    url: Annotated[str | None, Field(description="Good for a while, without a key; null after retention.")]
    download_url: str
    content_type: str
    duration_seconds: int
    bytes: int
    sha256: str
    expires_at: Unix


class JobErrorView(TypedDict):
    """Why the job came to nothing."""

    code: str
    message: str


class UsageView(TypedDict):
    """What was paid."""

    seller_cost_usdc: Usdc
    buyer_cost_usdc: Usdc
    settlement_status: Annotated[str, one_of(SettlementStatus)]


class JobView(TypedDict):
    """A job; ``results`` once it has succeeded, ``error`` once it has ended otherwise, ``usage`` with either."""

    id: Id
    object: Literal["media.job"]
    kind: str
    model: str
    status: Annotated[str, one_of(STATUSES)]
    created: Unix
    expires_at: Unix
    progress: Annotated[int, Field(ge=0, le=100)]
    metadata: dict[str, Any] | None
    cancel_requested: bool
    attempts: int
    results: NotRequired[list[ResultView]]
    error: NotRequired[JobErrorView]
    usage: NotRequired[UsageView]
