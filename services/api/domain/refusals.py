"""The ways in which api says no, in the codes that its callers see."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shared.kernel.errors import DomainError
from shared.kernel.money import Money

SOON: Final = timedelta(seconds=1)
LATER: Final = timedelta(seconds=10)
ONE_JOB: Final = timedelta(seconds=5)
"""About as soon as one of many jobs in flight will have ended."""


class Refusal(DomainError):
    """No, with the field to blame (``param``) and when asking again may help (``retry_after``), where there is one."""

    def __init__(
        self, code: str, message: str, *, param: str | None = None, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(code, message)
        self.param = param
        self.retry_after = retry_after


class ModelNotFound(Refusal):
    """The catalogue has no model of that name."""

    def __init__(self, name: str) -> None:
        super().__init__("model_not_found", f"there is no model {name!r}; GET /v1/models lists them", param="model")


class InsufficientBalance(Refusal):
    """The maximum of the job is more than the account has free."""

    def __init__(self, *, needed: Money, available: Money) -> None:
        super().__init__("insufficient_balance", f"this job needs {needed} micro-USDC and {available} are available")
        self.needed = needed
        self.available = available


class TooManyJobs(Refusal):
    """The account has as many jobs in flight as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__("too_many_jobs", f"{limit} jobs are in flight, which is the limit", retry_after=ONE_JOB)
        self.limit = limit


class MinimumDiscountNotMet(Refusal):
    """Somebody could do it, and nobody cheaply enough.  ``best`` is the best discount in percent, when provable."""

    def __init__(self, *, floor: int, best: str | None) -> None:
        offered = "no offer proves a discount" if best is None else f"the best on offer is {best} %"
        super().__init__(
            "minimum_discount_not_met", f"no offer meets a discount of {floor} %; {offered}", retry_after=SOON
        )
        self.best = best


class NoHealthySellers(Refusal):
    """Nobody can take such a job now."""

    def __init__(self, model: str) -> None:
        super().__init__("no_healthy_sellers", f"nobody can run {model} now", retry_after=SOON)


class ServiceUnavailable(Refusal):
    """It is not known whether it would have worked; nothing is held, and the same request may be sent again."""

    def __init__(self) -> None:
        super().__init__("service_unavailable", "the request could not be stored; send it again", retry_after=SOON)


class Overloaded(Refusal):
    """Too many jobs wait to be told to the other services; another one would only grow old with them."""

    def __init__(self) -> None:
        super().__init__("service_unavailable", "too many jobs wait to be handed on; try again", retry_after=LATER)


class IdempotencyInFlight(Refusal):
    """The first request with this key is still being handled."""

    def __init__(self) -> None:
        super().__init__(
            "idempotency_in_flight", "a request with this Idempotency-Key is being handled", retry_after=SOON
        )


class IdempotencyKeyReused(Refusal):
    """The key was used for another request."""

    def __init__(self) -> None:
        super().__init__("idempotency_key_reused", "this Idempotency-Key was used with another body")


class JobNotFound(Refusal):
    """No such job of this caller's: never was, purged, or somebody else's."""

    def __init__(self) -> None:
        super().__init__("job_not_found", "there is no such job")


class OfferNotFound(Refusal):
    """No such offer of this seller's."""

    def __init__(self) -> None:
        super().__init__("offer_not_found", "there is no such offer")


class NotFound(Refusal):
    """No such thing of this caller's."""

    def __init__(self, what: str) -> None:
        super().__init__("not_found", f"there is no such {what}")


class InvalidRequest(Refusal):
    """What was asked makes no sense; ``param`` is the field to blame."""

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__("invalid_request", message, param=param)


class InvalidApiKey(Refusal):
    """The key is not one of ours, or not any more."""

    def __init__(self) -> None:
        super().__init__("invalid_api_key", "the API key is missing, malformed, expired or revoked")


class WrongKeyType(Refusal):
    """A seller's key where a buyer's belongs, or the other way round."""

    def __init__(self, needed: str) -> None:
        super().__init__("wrong_key_type", f"this path takes a {needed}'s key")
