"""Whatever a server answers, there is an outcome, and it holds no key and no line break."""

from dataclasses import astuple
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.secret import Secret
from shared.providers.venice.cleanup import forget_outcome
from shared.providers.venice.endpoints import ENDPOINTS
from shared.providers.venice.quotes import quote_outcome
from shared.providers.venice.replies import Heard, Unreadable, read_json
from shared.providers.venice.verdicts import look_outcome, submit_outcome

KEY = Secret("sk-canary")
NAMES = [
    *("error", "message", "code", "type", "details", "issues", "path", "_errors", "suggested_prompt"),
    *("status", "queue_id", "quote", "success", "average_execution_time", "execution_duration"),
]
WORDS = st.text() | st.sampled_from(["PROCESSING", "sk-canary", "a\nb", "\ud800", "q-1", "x" * 3000])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False), WORDS)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=10,
)
DATA = TREES | st.dictionaries(st.sampled_from(NAMES), TREES, min_size=1)
ANSWERS = st.builds(
    Heard,
    status=st.integers(200, 599),
    content_type=st.sampled_from(["application/json", "text/html", "audio/mpeg"]),
    data=st.one_of(st.just(Unreadable.DATA), DATA),
)


@given(ANSWERS)
def test_every_answer_has_an_outcome_that_may_be_shown(answer: Heard) -> None:
    outcomes = (
        submit_outcome(answer, KEY),
        look_outcome(answer, ENDPOINTS["music"], KEY),
        quote_outcome(answer, KEY),
        forget_outcome(answer, KEY),
    )
    for outcome in outcomes:
        for text in (field for field in astuple(outcome) if isinstance(field, str)):
            assert "sk-canary" not in text
            assert len(text) <= 2000
            assert text.isprintable()


@given(st.binary())
def test_any_bytes_are_json_or_unreadable(body: bytes) -> None:
    read_json(body)


def test_numbers_stay_exact() -> None:
    data: Any = read_json(b'{"quote": 0.1, "seconds": 60}')
    assert data == {"quote": Decimal("0.1"), "seconds": 60}
