"""What a reply to a quote means, and dollars made exact."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from http import HTTPStatus
from typing import Final

from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.providers.outcomes import NotQuoted, Pause, Quoted, QuoteOutcome
from shared.providers.rate_headers import wait_told
from shared.providers.venice.complaints import read_complaint
from shared.providers.venice.replies import Heard, Held, Lost, NeverSent, Reply, Unsendable
from shared.providers.venice.statuses import PERHAPS_TAKEN, words_for
from shared.providers.venice.verdicts import BAD_KEY, HELD_BACK, is_success

LARGEST_QUOTE: Final = 1_000_000
"""Dollars; no job costs more, so a larger number is a mistake."""

_MICRO: Final = Decimal("0.000001")
_PASSING: Final = PERHAPS_TAKEN | {HTTPStatus.TOO_MANY_REQUESTS}


def quote_outcome(reply: Reply, api_key: Secret) -> QuoteOutcome:
    """What a quote came to."""
    match reply:
        case Heard():
            return _quoted(reply, api_key)
        case NeverSent(reason) | Lost(reason):
            return NotQuoted(reason, definite=False)
        case Held(after):
            return NotQuoted(HELD_BACK, definite=False, pause=Pause.THROTTLED, retry_after=after)
        case Unsendable():
            return NotQuoted(BAD_KEY, definite=True)


def _quoted(heard: Heard, api_key: Secret) -> QuoteOutcome:
    if not is_success(heard):
        message = read_complaint(heard.data, api_key).message or words_for(heard.status)
        refused = HTTPStatus.BAD_REQUEST <= heard.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if refused and heard.status not in _PASSING:
            return NotQuoted(message, definite=True)
        pause = Pause.THROTTLED if heard.status == HTTPStatus.TOO_MANY_REQUESTS else Pause.BACKOFF
        return NotQuoted(message, False, pause, heard.status, wait_told(heard.allowance, heard.status))
    price = dollars(heard.data.get("quote")) if isinstance(heard.data, Mapping) else None
    if price is None:
        return NotQuoted("the provider's quote cannot be read", definite=False)
    return Quoted(price)


def dollars(value: object) -> Money | None:
    """A JSON number of dollars in micros, rounded up; None when it is no price."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= LARGEST_QUOTE:
        return None
    micros = Decimal(value).quantize(_MICRO, ROUND_CEILING).scaleb(6)
    return Money(int(micros))
