"""The facts of a job's life, from created to one of the four endings."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.event import AttemptEvent, JobEvent
from shared.contracts.wire import WireInstant, WireMoney, WireObject


class JobCreated(JobEvent):
    """A buyer's job is stored and its maximum held.  Said again, it is still one job."""

    TYPE: ClassVar[str] = "job.created"

    buyer_id: str
    model: str
    parameters: WireObject
    """As :meth:`shared.market.parameters.Parameters.data` gives them."""
    minimum_discount: int | None
    reference_cost_usdc: WireMoney | None
    max_cost_usdc: WireMoney
    fee_bps: int
    created: WireInstant
    expires_at: WireInstant
    own_providers: dict[str, int] = Field(default_factory=dict)
    """The buyer's own providers, each with the revision that was known when the job was taken."""


class JobCancelRequested(JobEvent):
    """The buyer no longer wants the job; it may be too late to stop it."""

    TYPE: ClassVar[str] = "job.cancel_requested"

    buyer_id: str


class HandedOver(AttemptEvent):
    """How to reach an attempt's job at its provider; the key itself never travels, ``key_id`` names it."""

    offer_id: str
    seller_id: str
    provider: str
    base_url: str
    key_id: str
    model: str
    provider_model: str
    provider_job_id: str
    routed_at: WireInstant
    expires_at: WireInstant


class JobRouted(HandedOver):
    """A provider accepted the job."""

    TYPE: ClassVar[str] = "job.routed"


class JobRunning(AttemptEvent):
    """The provider was seen at work.  Repeated as a sign of life while a poller watches."""

    TYPE: ClassVar[str] = "job.running"

    started_at: WireInstant
    expected_seconds: float | None
    """What the provider says such a job takes, counted from ``started_at``."""


class JobGenerated(HandedOver):
    """The provider has audio to fetch."""

    TYPE: ClassVar[str] = "job.generated"

    content_type: str


class AttemptFailed(AttemptEvent):
    """The provider accepted the job and will not deliver it."""

    TYPE: ClassVar[str] = "attempt.failed"

    offer_id: str
    code: str
    """``content_policy``, ``provider_rejected``, ``provider_error`` or ``expired``."""
    message: str
    suggestion: str | None = None


class JobUnroutable(JobEvent):
    """No attempt will follow.  ``code`` becomes the job's error, or says that it was canceled."""

    TYPE: ClassVar[str] = "job.unroutable"

    attempts: int
    """How many attempts there were."""
    code: str
    message: str


class Ending(JobEvent):
    """A job has reached its terminal status and its money has moved.  Exactly one ending is said of a job."""

    buyer_id: str
    model: str
    attempts: int
    ended_at: WireInstant
    settlement_status: str


class JobSucceeded(Ending):
    """The buyer has audio and has paid for it."""

    TYPE: ClassVar[str] = "job.succeeded"

    attempt: int
    offer_id: str
    seller_id: str
    buyer_cost_usdc: WireMoney
    seller_cost_usdc: WireMoney
    duration_seconds: int


class UnpaidEnding(Ending):
    """The job ended without audio and the hold was released."""

    code: str
    message: str


class JobFailed(UnpaidEnding):
    """Nobody could deliver."""

    TYPE: ClassVar[str] = "job.failed"


class JobCanceled(UnpaidEnding):
    """The buyer cancelled, and no audio came."""

    TYPE: ClassVar[str] = "job.canceled"


class JobExpired(UnpaidEnding):
    """The job's time was up."""

    TYPE: ClassVar[str] = "job.expired"
