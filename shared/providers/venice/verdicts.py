"""What a reply means: the answer to submit and to look, decided from status, content type and data."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final, TypeGuard

from shared.kernel.secret import Secret
from shared.providers.outcomes import (
    Barred,
    Broken,
    Failed,
    Faulty,
    LookAgain,
    LookOutcome,
    Missing,
    Pause,
    Ready,
    Refused,
    SubmitOutcome,
    Submitted,
    Unknown,
    Working,
)
from shared.providers.rate_headers import wait_told
from shared.providers.venice.complaints import read_complaint
from shared.providers.venice.endpoints import Endpoints
from shared.providers.venice.replies import Heard, Held, Lost, NeverSent, Reply, Unsendable
from shared.providers.venice.statuses import BARRED, FAULTS, pause_of, words_for

HELD_BACK: Final = "held back to spare the key's rate limit"
BAD_KEY: Final = "the key holds characters that cannot be sent"

_QUEUE_ID: Final = re.compile(r"[\x21-\x7e]{1,256}")
_TELLING_KEY: Final = 8
"""Characters from which on a key is no coincidence."""
_WORKING: Final = ("PROCESSING", "QUEUED")
_LONGEST_MILLIS: Final = 10**9


def submit_outcome(reply: Reply, api_key: Secret) -> SubmitOutcome:
    """What became of a job that was sent to the queue."""
    match reply:
        case Heard():
            return _submitted(reply, api_key)
        case NeverSent(reason):
            return Refused(reason, Pause.BACKOFF)
        case Held(after):
            return Refused(HELD_BACK, Pause.THROTTLED, retry_after=after)
        case Unsendable():
            return Refused(BAD_KEY, Pause.KEY)
        case Lost(reason):
            return Unknown(reason)


def _submitted(heard: Heard, api_key: Secret) -> SubmitOutcome:
    if is_success(heard):
        queue_id = heard.data.get("queue_id") if isinstance(heard.data, Mapping) else None
        if _is_queue_id(queue_id, api_key):
            return Submitted(queue_id)
        return Unknown(f"the provider answered {heard.status} without a readable queue_id")
    complaint = read_complaint(heard.data, api_key)
    message = complaint.message or words_for(heard.status)
    if heard.status in FAULTS:
        code = "content_policy" if complaint.names_content_policy else FAULTS[heard.status]
        return Faulty(code, message, complaint.suggestion)
    pause = pause_of(heard.status)
    if pause is None:
        return Unknown(message)
    retry_after = None if pause is Pause.KEY else wait_told(heard.allowance, heard.status)
    return Refused(message, pause, heard.status, retry_after)


def _is_queue_id(value: object, api_key: Secret) -> TypeGuard[str]:
    """Whether ``value`` may be an id.  Ids are stored and told in the open, so one that repeats the key is none."""
    if not isinstance(value, str) or not _QUEUE_ID.fullmatch(value):
        return False
    key = api_key.reveal()
    return len(key) < _TELLING_KEY or key not in value


def look_outcome(reply: Reply, endpoints: Endpoints, api_key: Secret) -> LookOutcome:
    """What became of a job that was looked at."""
    match reply:
        case Heard():
            return _looked(reply, endpoints, api_key)
        case NeverSent(reason) | Lost(reason):
            return LookAgain(reason)
        case Held(after):
            return LookAgain(HELD_BACK, after)
        case Unsendable():
            return LookAgain(BAD_KEY)


def _looked(heard: Heard, endpoints: Endpoints, api_key: Secret) -> LookOutcome:
    if is_success(heard):
        if heard.status == HTTPStatus.OK and endpoints.are_media(heard.content_type):
            return Ready(heard.content_type)
        return working(heard.data) or Missing("the provider's answer is neither media nor news of it")
    complaint = read_complaint(heard.data, api_key)
    message = complaint.message or words_for(heard.status)
    if heard.status in FAULTS:
        code = "content_policy" if complaint.names_content_policy else FAULTS[heard.status]
        return Failed(code, message, complaint.suggestion)
    return _without_news(heard, message, broken=complaint.message is not None)


def _without_news(heard: Heard, message: str, *, broken: bool) -> LookOutcome:
    """A look that does not say how the job is; ``broken``: in words of the provider's own."""
    match heard.status:
        case status if status in BARRED:
            return Barred(message)
        case HTTPStatus.NOT_FOUND:
            return Missing()
        case HTTPStatus.INTERNAL_SERVER_ERROR if broken:
            return Broken(message)
        case _:
            return LookAgain(message, wait_told(heard.allowance, heard.status))


def is_success(heard: Heard) -> bool:
    """Whether the status is one of the 2xx."""
    return HTTPStatus.OK <= heard.status < HTTPStatus.MULTIPLE_CHOICES


def working(data: Any) -> Working | None:
    """The news of a job that is being rendered, or None when ``data`` is no such news."""
    if not isinstance(data, Mapping) or data.get("status") not in _WORKING:
        return None
    return Working(_millis(data.get("average_execution_time")), _millis(data.get("execution_duration")))


def _millis(value: object) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return timedelta(milliseconds=float(value)) if 0 <= value <= _LONGEST_MILLIS else None
