"""What a quote that did not come means for the offer that was asked."""

from datetime import timedelta

import pytest

from shared.kernel.secret import Secret
from shared.providers.outcomes import NotQuoted, Pause
from shared.providers.rate_headers import Allowance
from shared.providers.venice.quotes import quote_outcome
from shared.providers.venice.replies import Heard, Held, Lost, Reply
from shared.providers.venice.verdicts import HELD_BACK

SOON = timedelta(seconds=5)


def at_its_limit(status: int) -> Heard:
    return Heard(status, "application/json", {"error": "no"}, Allowance(resets_after=SOON))


def refused(status: int) -> Heard:
    return Heard(status, "application/json", {"error": "no"}, Allowance(retry_after=SOON))


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (refused(429), NotQuoted("no", False, Pause.THROTTLED, 429, SOON)),
        (at_its_limit(429), NotQuoted("no", False, Pause.THROTTLED, 429, SOON)),
        (at_its_limit(503), NotQuoted("no", False, Pause.BACKOFF, 503)),
        (refused(503), NotQuoted("no", False, Pause.BACKOFF, 503, SOON)),
        (Held(SOON), NotQuoted(HELD_BACK, False, Pause.THROTTLED, None, SOON)),
        (Lost("timeout"), NotQuoted("timeout", False, Pause.BACKOFF)),
    ],
    ids=str,
)
def test_a_quote_that_did_not_come_says_what_it_means_for_the_offer(reply: Reply, outcome: NotQuoted) -> None:
    assert quote_outcome(reply, Secret("sk-canary")) == outcome
