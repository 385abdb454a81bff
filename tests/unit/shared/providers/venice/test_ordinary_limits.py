"""The limit headers that Venice puts on every answer are no request to wait."""

from datetime import timedelta

import pytest

from shared.kernel.secret import Secret
from shared.providers.outcomes import LookAgain, Pause, Refused, SubmitOutcome, Unknown
from shared.providers.rate_headers import Allowance
from shared.providers.venice.endpoints import ENDPOINTS
from shared.providers.venice.replies import Heard
from shared.providers.venice.verdicts import look_outcome, submit_outcome

KEY = Secret("sk-canary")
ORDINARY = Allowance(per_minute=60, remaining=41, resets_after=timedelta(hours=9))


@pytest.mark.parametrize(("status", "outcome"), [(502, Unknown("no")), (503, Refused("no", Pause.BACKOFF, 503))])
def test_a_limit_with_requests_left_puts_nothing_off(status: int, outcome: SubmitOutcome) -> None:
    heard = Heard(status, "application/json", {"error": "no"}, ORDINARY)
    assert submit_outcome(heard, KEY) == outcome
    assert look_outcome(heard, ENDPOINTS["music"], KEY) == LookAgain("no")


def test_a_limit_that_refused_is_waited_for() -> None:
    heard = Heard(429, "application/json", {"error": "no"}, ORDINARY)
    assert submit_outcome(heard, KEY) == Refused("no", Pause.THROTTLED, 429, timedelta(hours=9))
    assert look_outcome(heard, ENDPOINTS["music"], KEY) == LookAgain("no", timedelta(hours=9))
