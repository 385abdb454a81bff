"""The media will never come, because of what the job asks for."""

from __future__ import annotations

from shared.providers.outcomes import FaultCode
from shared.providers.provider import FetchFailed


class RequestFault(FetchFailed):
    """The provider would not hand the media out because of the request: no fault of its own, nor of its key."""

    def __init__(self, code: FaultCode, message: str, suggestion: str | None) -> None:
        super().__init__(message, retryable=False)
        self.code = code
        self.suggestion = suggestion
