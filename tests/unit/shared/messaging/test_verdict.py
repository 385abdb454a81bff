"""What becomes of a message whose handler failed."""

import asyncio
from datetime import timedelta

import pytest

from shared.kernel.errors import DomainError, Transient, Unusable
from shared.messaging.failures import HandlerOverran, Unconfirmed, Unroutable
from shared.messaging.topology import LADDER, SHORT_LADDER, Broadcast, Queue
from shared.messaging.verdict import Bury, Drop, Reason, Retry, verdict

QUEUE = Queue("q", ())
TRANSIENT = [Transient("later"), Unroutable("nobody"), Unconfirmed("silence"), HandlerOverran("slow")]
BUGS = [KeyError("x"), TimeoutError(), AssertionError(), asyncio.CancelledError()]


@pytest.mark.parametrize("error", TRANSIENT, ids=repr)
def test_what_was_not_ready_climbs_the_whole_ladder(error: Transient) -> None:
    steps = [verdict(error, failures=n, source=QUEUE) for n in range(len(LADDER) + 1)]
    assert steps == [*(Retry(delay) for delay in LADDER), Bury(Reason.EXHAUSTED)]


@pytest.mark.parametrize("error", BUGS, ids=repr)
def test_a_bug_climbs_the_short_ladder(error: BaseException) -> None:
    steps = [verdict(error, failures=n, source=QUEUE) for n in range(len(SHORT_LADDER) + 1)]
    assert steps == [*(Retry(delay) for delay in SHORT_LADDER), Bury(Reason.BUG)]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (1, 1), (2, 5), (5, 5), (29, 30), (90, 120), (3600, 120)])
def test_a_wish_is_met_by_the_shortest_delay_that_is_long_enough(asked: int, given: int) -> None:
    error = Transient("full", after=timedelta(seconds=asked))
    assert verdict(error, failures=0, source=QUEUE) == Retry(timedelta(seconds=given))


def test_a_wish_does_not_lengthen_the_ladder() -> None:
    error = Transient("full", after=timedelta(seconds=1))
    assert verdict(error, failures=len(LADDER), source=QUEUE) == Bury(Reason.EXHAUSTED)


def test_what_a_rule_refused_is_set_aside_with_its_code() -> None:
    assert verdict(DomainError("no_such", "never"), failures=0, source=QUEUE) == Bury(Reason.REFUSED, "no_such")


def test_what_is_not_ours_is_set_aside() -> None:
    assert verdict(Unusable("no json"), failures=0, source=QUEUE) == Bury(Reason.UNUSABLE)


@pytest.mark.parametrize("error", [*TRANSIENT, *BUGS, DomainError("a", "b"), Unusable("c")], ids=repr)
def test_a_broadcast_gets_no_second_try(error: BaseException) -> None:
    assert verdict(error, failures=0, source=Broadcast(("#",))) == Drop()
