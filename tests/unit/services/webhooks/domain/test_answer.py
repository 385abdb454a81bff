"""What answers mean."""

from datetime import timedelta

import pytest

from services.webhooks.domain.answer import (
    Answer,
    Answered,
    Delivered,
    Exhausted,
    Health,
    NotSent,
    RetryAfter,
    Unanswered,
    Verdict,
    health_of,
    judge,
)
from services.webhooks.domain.ladder import LADDER
from tests.unit.services.webhooks.samples import middle

FIVE_MINUTES = timedelta(minutes=5)
EIGHT_MINUTES = timedelta(minutes=8)


def judged(answer: Answer, attempt: int = 3) -> Verdict:
    return judge(answer, step=attempt, ladder=LADDER, random=middle)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206, 299])
def test_any_status_of_success_is_delivered(status: int) -> None:
    assert judged(Answered(status)) == Delivered()


@pytest.mark.parametrize("status", [199, 300, 301, 302, 307, 308, 400, 401, 403, 404, 409, 422, 429, 500, 501, 503])
def test_any_other_status_is_tried_again_by_the_ladder(status: int) -> None:
    assert judged(Answered(status)) == RetryAfter(FIVE_MINUTES, f"status {status}")


@pytest.mark.parametrize("attempt", [1, 3, 11])
def test_a_receiver_that_is_gone_is_given_up(attempt: int) -> None:
    assert judged(Answered(410, EIGHT_MINUTES), attempt) == Exhausted("status 410: the receiver is gone")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_under_load_may_name_a_time(status: int) -> None:
    assert judged(Answered(status, EIGHT_MINUTES)) == RetryAfter(EIGHT_MINUTES, f"status {status}")


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_any_other_receiver_may_not(status: int) -> None:
    assert judged(Answered(status, EIGHT_MINUTES)) == RetryAfter(FIVE_MINUTES, f"status {status}")


def test_silence_is_tried_again() -> None:
    assert judged(Unanswered("timeout")) == RetryAfter(FIVE_MINUTES, "timeout")


def test_what_could_not_be_sent_now_is_tried_again() -> None:
    assert judged(NotSent("no secret", for_good=False)) == RetryAfter(FIVE_MINUTES, "no secret")


def test_what_can_never_be_sent_is_given_up() -> None:
    assert judged(NotSent("the URL is not allowed", for_good=True)) == Exhausted("the URL is not allowed")


@pytest.mark.parametrize("answer", [Answered(500), Answered(429, EIGHT_MINUTES), Unanswered("reset")], ids=str)
def test_at_the_end_of_the_ladder_it_is_exhausted(answer: Answer) -> None:
    assert isinstance(judged(answer, len(LADDER) - 1), RetryAfter)
    for attempt in (len(LADDER), len(LADDER) + 1):
        assert isinstance(judged(answer, attempt), Exhausted)


def test_an_attempt_beyond_the_ladder_can_still_succeed() -> None:
    assert judged(Answered(200), len(LADDER) + 5) == Delivered()


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (Answered(200), Health.WELL),
        (Answered(302), Health.WELL),
        (Answered(404), Health.WELL),
        (Answered(410), Health.WELL),
        (Answered(429), Health.ILL),
        (Answered(500), Health.ILL),
        (Answered(503), Health.ILL),
        (Unanswered("timeout"), Health.ILL),
        (NotSent("no secret", for_good=False), Health.UNKNOWN),
    ],
    ids=str,
)
def test_only_what_a_host_does_itself_tells_of_its_health(answer: Answer, health: Health) -> None:
    assert health_of(answer) is health
