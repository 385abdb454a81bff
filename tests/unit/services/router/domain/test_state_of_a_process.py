"""What one process remembers by itself: who waits here, and which offers it holds back from."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from services.router.domain.restraint import MOST_SLOW, MOST_UNANSWERED, SLOW, Restraint
from services.router.domain.waiting_room import LEASE, WaitingRoom
from shared.market.standings import Health, Standing
from tests.unit.services.router.market import AT

SECOND = timedelta(seconds=1)


def test_jobs_are_woken_when_their_time_has_come_those_due_longest_first() -> None:
    room = WaitingRoom()
    for name, seconds in (("late", 9), ("second", 2), ("first", 1)):
        assert room.enter(name, AT + seconds * SECOND)
    assert room.wake(AT + 2 * SECOND, 10) == ["first", "second"]
    assert room.wake(AT + 2 * SECOND, 10) == []


def test_no_more_are_woken_at_once_than_can_be_dealt_with() -> None:
    room = WaitingRoom()
    for name in "abc":
        room.enter(name, AT)
    assert room.wake(AT, 2) == ["a", "b"]
    assert room.wake(AT, 2) == ["c"]


def test_a_woken_job_that_nobody_dealt_with_is_woken_again() -> None:
    room = WaitingRoom()
    room.enter("job", AT)
    room.wake(AT, 1)
    assert room.wake(AT + LEASE, 1) == ["job"]


def test_a_job_that_left_is_not_woken() -> None:
    room = WaitingRoom()
    room.enter("job", AT)
    assert "job" in room
    room.leave("job")
    room.leave("never here")
    assert "job" not in room
    assert room.wake(AT, 1) == []


def test_those_who_wait_for_an_offer_of_a_model_are_hurried_in_the_order_in_which_they_came() -> None:
    room = WaitingRoom()
    for name, model in (("b", "music"), ("other", "video"), ("a", "music"), ("c", "music"), ("unknown", None)):
        room.enter(name, AT + SECOND, model)
    room.hurry("music", AT, most=2)
    assert sorted(room.wake(AT, 10)) == ["a", "b"]
    room.hurry("music", AT, most=10)
    assert room.wake(AT, 10) == ["c"]


def test_a_full_room_takes_nobody_but_those_inside() -> None:
    room = WaitingRoom(capacity=1)
    assert room.enter("a", AT)
    assert not room.enter("b", AT)
    assert room.enter("a", AT + SECOND)
    assert room.wake(AT, 1) == []


def test_an_offer_rests_in_this_process_until_its_time_is_over() -> None:
    restraint, standing = Restraint(), Standing("offer")
    restraint.rest("offer", AT + SECOND)
    seen = restraint.seen(standing, AT)
    assert seen == replace(standing, health=Health.PAUSED, until=AT + SECOND)
    assert restraint.seen(standing, AT + SECOND) is standing
    assert restraint.seen(standing, AT) is standing


def test_other_offers_do_not_rest() -> None:
    restraint, other = Restraint(), Standing("other")
    restraint.rest("offer", AT + SECOND)
    assert restraint.seen(other, AT) is other


def test_what_keeps_an_offer_closed_for_everyone_is_said_first() -> None:
    restraint = Restraint()
    restraint.rest("offer", AT + SECOND)
    shut = Standing("offer", health=Health.SHUT)
    assert restraint.seen(shut, AT) is shut


def test_an_offer_that_is_slow_to_answer_here_gets_no_more_for_a_while() -> None:
    restraint, standing = Restraint(), Standing("offer")
    with ExitStack() as slow:
        for _ in range(MOST_SLOW):
            slow.enter_context(restraint.submitting("offer", AT))
        assert restraint.seen(standing, AT + SLOW) is standing
        assert restraint.seen(standing, AT + SLOW + SECOND).in_flight > 1_000_000
        assert restraint.seen(Standing("other"), AT + SLOW + SECOND).in_flight == 0
    assert restraint.seen(standing, AT + SLOW + SECOND) is standing


def test_an_offer_has_only_so_many_submits_to_answer_however_young_they_are() -> None:
    restraint, standing = Restraint(), Standing("offer")
    with ExitStack() as unanswered:
        for _ in range(MOST_UNANSWERED):
            assert not restraint.crowded("offer")
            assert restraint.seen(standing, AT) is standing
            unanswered.enter_context(restraint.submitting("offer", AT))
        assert restraint.crowded("offer")
        assert restraint.seen(standing, AT).in_flight > 1_000_000
        assert not restraint.crowded("other")
    assert not restraint.crowded("offer")


def test_few_slow_submits_keep_nobody_away() -> None:
    restraint, standing = Restraint(), Standing("offer")
    with restraint.submitting("offer", AT):
        assert restraint.seen(standing, AT + 10 * SLOW) is standing
