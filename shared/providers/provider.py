"""The conversation with whoever renders: quote, submit, look, fetch, forget."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from shared.kernel.secret import Secret
from shared.market.models import Model
from shared.market.parameters import Parameters
from shared.providers.outcomes import ForgetOutcome, LookOutcome, QuoteOutcome, SubmitOutcome
from shared.providers.refusals import Prospect


@dataclass(frozen=True, slots=True)
class Access:
    """Where a seller's provider answers and the key it asks for.

    ``base_url`` is what precedes the endpoint's path (``/audio/queue``), with or without a last slash.
    """

    base_url: str
    api_key: Secret = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handed:
    """One job as its provider knows it, from the moment of hand-over."""

    provider_model: str
    provider_job_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Body:
    """Media on its way.

    ``chunks`` can be read once, in pieces of at most 64 KiB, and raises :class:`FetchFailed`
    when the body ends early, stalls, trickles or passes the deadline.
    """

    content_type: str
    """The provider's claim, in lower case and without parameters."""
    length: int | None
    """Bytes announced; when given, ``chunks`` yields exactly as many or raises."""
    chunks: AsyncIterator[bytes]


class NotReady(Exception):
    """There is no media yet; look again first."""


class Gone(Exception):
    """The provider does not have the media (any more)."""


class Fault(StrEnum):
    """What went wrong with a fetch."""

    NO_MEDIA = "no_media"
    """None began to come."""
    BROKEN_OFF = "broken_off"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    COMPRESSED = "compressed"
    ENDLESS = "endless"
    """Nothing would tell its end from a broken connection."""


class FetchFailed(Exception):
    """The media did not arrive whole.  ``retryable``: the same fetch may work later, ``after`` when known."""

    def __init__(
        self, reason: str, *, retryable: bool, after: timedelta | None = None, fault: Fault = Fault.NO_MEDIA
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable
        self.after = after
        self.fault = fault


class Provider(Protocol):
    """One provider's wire behind the market's words.

    Safe to use from many tasks at once.  Nothing but :meth:`fetch` raises for what a provider
    or a network does; being cancelled during :meth:`submit` leaves the outcome unknown.
    """

    async def quote(self, access: Access, model: Model, parameters: Parameters) -> QuoteOutcome:
        """Ask what the job would cost, within 5 seconds.  Spends nothing."""
        ...

    async def submit(self, access: Access, model: Model, parameters: Parameters) -> SubmitOutcome:
        """Hand the job over, once, within 60 seconds.  Never repeated in here, whatever happens."""
        ...

    async def look(self, access: Access, handed: Handed, prospect: Prospect = Prospect.UNSEEN) -> LookOutcome:
        """Ask how the job is doing, within 30 seconds.  Changes nothing and reads no media.

        Never waits for the key's limit: a look that has no turn comes back at once, untold.  ``prospect``
        says whether earlier looks found the job.
        """
        ...

    def fetch(self, access: Access, handed: Handed, *, within: timedelta) -> AbstractAsyncContextManager[Body]:
        """Open the finished media, to be read whole ``within`` that time, and close it at the end.

        Raises :class:`NotReady`, :class:`Gone` or :class:`FetchFailed` on entering, and the
        last also while chunks are read.  The provider keeps its copy.
        """
        ...

    async def forget(self, access: Access, handed: Handed) -> ForgetOutcome:
        """Let the provider delete its copy, within 30 seconds.  What is gone already is forgotten."""
        ...
