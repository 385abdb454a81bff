"""The ways in which HTTP itself says no."""

from __future__ import annotations

from datetime import timedelta

from services.api.domain.refusals import Refusal


class InvalidMinimumDiscount(Refusal):
    """The first segment of the path begins like a minimum discount, and is none."""

    def __init__(self) -> None:
        super().__init__(
            "invalid_minimum_discount", "a minimum discount is /min0 to /min100: whole percent, no leading zeros"
        )


class WebhookUrlNotAllowed(Refusal):
    """Nothing may ever be sent to that URL."""

    def __init__(self, message: str, param: str = "webhook_url") -> None:
        super().__init__("webhook_url_not_allowed", message, param=param)


class PayloadTooLarge(Refusal):
    """The body is larger than any request of ours."""

    def __init__(self, most: int) -> None:
        super().__init__("payload_too_large", f"a body has at most {most} bytes")


class UnsupportedMediaType(Refusal):
    """The body is not plain JSON."""

    def __init__(self, message: str) -> None:
        super().__init__("unsupported_media_type", message)


class RequestTimeout(Refusal):
    """The body did not arrive in time."""

    def __init__(self) -> None:
        super().__init__("request_timeout", "the body did not arrive in time")


class RateLimitExceeded(Refusal):
    """The key, or the token of a job, has asked too often within the last minute."""

    def __init__(self, per_minute: int, after: timedelta) -> None:
        super().__init__("rate_limit_exceeded", f"at most {per_minute} requests a minute", retry_after=after)


class TooBusy(Refusal):
    """This process serves as many such requests as it can."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "service_unavailable", f"too many {what} are open; try again", retry_after=timedelta(seconds=2)
        )


class TooManyOpen(Refusal):
    """As many such requests are open for the jobs of one account as may be."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(
            "rate_limit_exceeded", f"at most {most} {what} are open for one account", retry_after=timedelta(seconds=2)
        )


class Stopping(Refusal):
    """This process ends; another one answers the next try."""

    def __init__(self) -> None:
        super().__init__("service_unavailable", "this server is stopping; try again", retry_after=timedelta(seconds=1))
