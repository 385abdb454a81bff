"""What each status means, a test for each row."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.kernel.secret import Secret
from shared.providers.outcomes import (
    Barred,
    Broken,
    Failed,
    Faulty,
    Forgotten,
    LookAgain,
    LookOutcome,
    Missing,
    NotForgotten,
    NotQuoted,
    Pause,
    Ready,
    Refused,
    Submitted,
    Unknown,
    Working,
)
from shared.providers.rate_headers import Allowance
from shared.providers.venice.cleanup import forget_outcome
from shared.providers.venice.endpoints import ENDPOINTS
from shared.providers.venice.quotes import quote_outcome
from shared.providers.venice.replies import Heard, Held, Lost, NeverSent, Reply, Unreadable, Unsendable
from shared.providers.venice.statuses import FAULTS, PERHAPS_TAKEN, REFUSALS
from shared.providers.venice.verdicts import BAD_KEY, HELD_BACK, look_outcome, submit_outcome

KEY = Secret("sk-canary")
AUDIO = ENDPOINTS["music"]
JSON = "application/json"
SOON = timedelta(seconds=5)
TOLD = Allowance(retry_after=SOON)
ERROR = {"error": "no"}


def heard(status: int, data: Any = Unreadable.DATA, content_type: str = JSON) -> Heard:
    return Heard(status, content_type, data, TOLD)


def look(reply: Reply) -> LookOutcome:
    return look_outcome(reply, AUDIO, KEY)


@pytest.mark.parametrize(
    ("status", "pause"),
    [
        (401, Pause.KEY),
        (402, Pause.KEY),
        (403, Pause.KEY),
        (404, Pause.BACKOFF),
        (429, Pause.THROTTLED),
        (503, Pause.BACKOFF),
        (301, Pause.BACKOFF),
        (302, Pause.BACKOFF),
        (307, Pause.BACKOFF),
        (308, Pause.BACKOFF),
        (405, Pause.BACKOFF),
        (413, Pause.BACKOFF),
        (415, Pause.BACKOFF),
        (451, Pause.BACKOFF),
    ],
)
def test_a_submit_refused_for_other_reasons_than_the_job(status: int, pause: Pause) -> None:
    retry_after = None if pause is Pause.KEY else SOON
    assert submit_outcome(heard(status, ERROR), KEY) == Refused("no", pause, status, retry_after)


@pytest.mark.parametrize(("status", "code"), [(400, "provider_rejected"), (422, "content_policy")])
def test_a_submit_or_a_look_that_says_what_is_wrong_with_the_job(status: int, code: Any) -> None:
    reply = heard(status, {"error": "no", "suggested_prompt": "rather that"})
    assert submit_outcome(reply, KEY) == Faulty(code, "no", "rather that")
    assert look(reply) == Failed(code, "no", "rather that")


def test_a_400_that_names_the_content_policy_is_one() -> None:
    reply = heard(400, {"error": {"message": "no", "type": "provider_content_policy"}})
    assert submit_outcome(reply, KEY) == Faulty("content_policy", "no")
    assert look(reply) == Failed("content_policy", "no")


@pytest.mark.parametrize("status", [300, 303, 304, 408, 409, 425, 499, 500, 501, 502, 504, 520, 599])
def test_a_submit_that_was_perhaps_taken(status: int) -> None:
    assert submit_outcome(heard(status, ERROR), KEY) == Unknown("no")


def test_no_status_is_both_a_refusal_and_something_else() -> None:
    assert not set(REFUSALS) & (set(FAULTS) | PERHAPS_TAKEN)


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_submit_that_was_taken(status: int) -> None:
    assert submit_outcome(heard(status, {"queue_id": "q-1"}), KEY) == Submitted("q-1")


def test_an_id_that_repeats_the_key_is_none() -> None:
    assert isinstance(submit_outcome(heard(200, {"queue_id": "q-sk-canary"}), KEY), Unknown)
    assert submit_outcome(heard(200, {"queue_id": "q-1"}), Secret("q")) == Submitted("q-1")


@pytest.mark.parametrize("content_type", ["audio/", "audio/" + "x" * 51, "audio/a b", "audiobook/x", "video/mp4"])
def test_a_content_type_out_of_shape_is_no_media(content_type: str) -> None:
    assert isinstance(look(heard(200, content_type=content_type)), Missing)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (NeverSent("dns failed"), Refused("dns failed", Pause.BACKOFF)),
        (Held(SOON), Refused(HELD_BACK, Pause.THROTTLED, None, SOON)),
        (Unsendable(), Refused(BAD_KEY, Pause.KEY)),
        (Lost("timeout"), Unknown("timeout")),
    ],
    ids=str,
)
def test_a_submit_without_an_answer(reply: Reply, outcome: object) -> None:
    assert submit_outcome(reply, KEY) == outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (heard(200, content_type="audio/mpeg"), Ready("audio/mpeg")),
        (heard(200, content_type="application/octet-stream"), Ready("application/octet-stream")),
        (heard(200, {"status": "PROCESSING"}), Working()),
        (
            heard(
                200,
                {"status": "PROCESSING", "average_execution_time": 20000, "execution_duration": Decimal("1.5")},
            ),
            Working(timedelta(seconds=20), timedelta(milliseconds=1.5)),
        ),
        (
            heard(200, {"status": "PROCESSING", "average_execution_time": "x", "execution_duration": -1}),
            Working(),
        ),
        (heard(200, {"status": "PROCESSING", "average_execution_time": Decimal("1e999999")}), Working()),
        (heard(404, ERROR), Missing()),
        (heard(404), Missing()),
        (heard(500, ERROR), Broken("no")),
        (heard(500), LookAgain("the provider failed while rendering", SOON)),
        (heard(401, ERROR), Barred("no")),
        (heard(402, ERROR), Barred("no")),
        (heard(403), Barred("the key may not use this at the provider")),
        (heard(429, ERROR), LookAgain("no", SOON)),
        (heard(502, ERROR), LookAgain("no", SOON)),
        (heard(503, ERROR), LookAgain("no", SOON)),
        (heard(302), LookAgain("the provider answered 302", SOON)),
        (NeverSent("connect failed"), LookAgain("connect failed")),
        (Lost("reset"), LookAgain("reset")),
        (Held(SOON), LookAgain(HELD_BACK, SOON)),
        (Unsendable(), LookAgain(BAD_KEY)),
    ],
    ids=str,
)
def test_what_a_look_tells(reply: Reply, outcome: object) -> None:
    assert look(reply) == outcome


@pytest.mark.parametrize("data", [Unreadable.DATA, None, [], {}, {"status": "COMPLETED"}, {"status": ["x"]}], ids=str)
def test_a_success_that_is_neither_media_nor_news_shows_nothing_of_the_job(data: Any) -> None:
    assert look(heard(200, data)) == Missing("the provider's answer is neither media nor news of it")


@pytest.mark.parametrize(
    ("reply", "definite"),
    [
        (heard(400, ERROR), True),
        (heard(401, ERROR), True),
        (heard(404, ERROR), True),
        (heard(408, ERROR), False),
        (heard(429, ERROR), False),
        (heard(500, ERROR), False),
        (heard(302, ERROR), False),
        (NeverSent("dns failed"), False),
        (Lost("timeout"), False),
        (Held(SOON), False),
        (Unsendable(), True),
    ],
    ids=str,
)
def test_a_quote_that_is_refused_is_definite_when_asking_again_cannot_help(reply: Reply, definite: bool) -> None:
    outcome = quote_outcome(reply, KEY)
    assert isinstance(outcome, NotQuoted)
    assert outcome.definite is definite


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (heard(200, {"success": True}), Forgotten()),
        (heard(404, ERROR), Forgotten()),
        (heard(200, {"success": "yes"}), NotForgotten("the provider has not deleted the media yet")),
        (heard(401, ERROR), NotForgotten("no")),
        (NeverSent("connect failed"), NotForgotten("connect failed")),
        (Lost("reset"), NotForgotten("reset")),
        (Held(SOON), NotForgotten(HELD_BACK)),
        (Unsendable(), NotForgotten(BAD_KEY)),
    ],
    ids=str,
)
def test_what_a_cleanup_came_to(reply: Reply, outcome: object) -> None:
    assert forget_outcome(reply, KEY) == outcome
