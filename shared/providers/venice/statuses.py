"""What each status means, as tables.  What is not in a table follows the class of its status.

A submit that was *certainly not* taken may go to another offer; one that was *perhaps*
taken may not, for Venice can be asked neither to repeat nor to find it.
"""

from collections.abc import Mapping
from typing import Final

from shared.providers.outcomes import FaultCode, Pause

REFUSALS: Final[Mapping[int, Pause]] = {
    301: Pause.BACKOFF,
    302: Pause.BACKOFF,
    307: Pause.BACKOFF,
    308: Pause.BACKOFF,  # an address elsewhere, which is not followed
    401: Pause.KEY,
    402: Pause.KEY,
    403: Pause.KEY,
    404: Pause.BACKOFF,
    429: Pause.THROTTLED,
    503: Pause.BACKOFF,
}
"""Answers to a submit that say no for reasons that are not the job's."""

FAULTS: Final[Mapping[int, FaultCode]] = {400: "provider_rejected", 422: "content_policy"}
"""Answers to a submit or a look that say what is wrong with the job."""

BARRED: Final = frozenset({401, 402, 403})
"""Answers to a look that show nothing of any job of the key."""

PERHAPS_TAKEN: Final = frozenset({408, 409, 425, 499})
"""Refusals by something in between, or of something seen before: they do not say that the job was not taken."""

DEFAULT_WORDS: Final[Mapping[int, str]] = {
    400: "the provider did not accept the request",
    401: "the provider did not accept the key",
    402: "the key's balance at the provider does not suffice",
    403: "the key may not use this at the provider",
    404: "the provider does not know the model or the address",
    422: "the provider's content policy forbids this request",
    429: "the provider's rate limit is reached",
    500: "the provider failed while rendering",
    503: "the provider is at capacity",
}
"""For answers without words of their own."""


def pause_of(status: int) -> Pause | None:
    """What a refused submit means for the offer, or None when the job was perhaps taken.

    A 4xx without a row (405, 413, 415 …) refuses every such request, so the offer backs off.
    """
    if status in REFUSALS:
        return REFUSALS[status]
    refused = 400 <= status < 500 and status not in PERHAPS_TAKEN  # noqa: PLR2004 - a class of statuses
    return Pause.BACKOFF if refused else None


def words_for(status: int) -> str:
    """A sentence for an answer that brought none."""
    return DEFAULT_WORDS.get(status, f"the provider answered {status}")
