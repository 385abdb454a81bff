"""Error bodies in the shapes Venice has, and in those it should not have."""

from typing import Any

import pytest

from shared.kernel.secret import Secret
from shared.providers.venice.complaints import Complaint, read_complaint
from shared.providers.venice.replies import Unreadable

KEY = Secret("sk-canary")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"error": "Rate limit exceeded"}, "Rate limit exceeded"),
        ({"error": "Too large", "code": "PAYLOAD_TOO_LARGE"}, "Too large"),
        ({"error": {"message": "Bad key", "type": "authentication_error", "code": "invalid"}}, "Bad key"),
        ({"message": "Not found"}, "Not found"),
        (
            {"error": "Invalid", "details": {"_errors": [], "prompt": {"_errors": ["Required", "Too short"]}}},
            "Invalid: prompt: Required; prompt: Too short",
        ),
        (
            {"error": "Invalid", "issues": [{"path": ["lyrics", 0], "message": "Required", "code": "x"}]},
            "Invalid: lyrics.0: Required",
        ),
        ({"details": {"duration_seconds": {"_errors": ["Expected integer"]}}}, "duration_seconds: Expected integer"),
        ({"error": "Invalid", "details": "whole text"}, "Invalid: whole text"),
        ({"error": "Invalid", "details": {"a": {"b": {"_errors": ["deep"]}}}}, "Invalid: a.b: deep"),
        ({"error": "Invalid", "details": {"x": list("abcde")}}, "Invalid: x: a; x: b; x: c"),
    ],
    ids=str,
)
def test_every_shape_of_error_is_read(data: Any, message: str) -> None:
    assert read_complaint(data, KEY).message == message


@pytest.mark.parametrize(
    "data",
    [Unreadable.DATA, None, [], "text", 7, {}, {"error": None}, {"error": ""}, {"error": 7}, {"error": {"message": 7}}],
    ids=str,
)
def test_what_is_no_error_body_has_no_message(data: Any) -> None:
    assert read_complaint(data, KEY) == Complaint()


def test_a_message_is_one_printable_line_without_the_key_and_not_too_long() -> None:
    message = read_complaint({"error": "\n no\x00 sk-canary\r\n\u202e\ud800" + "x" * 400}, KEY).message
    assert message is not None
    assert message.startswith("no … xxx")
    assert len(message) == 300
    message.encode("utf-8")


def test_an_endless_tree_of_details_is_cut_off() -> None:
    details: Any = "bottom"
    for _ in range(50):
        details = {"x": details}
    assert read_complaint({"error": "Invalid", "details": details}, KEY).message == "Invalid"


@pytest.mark.parametrize(
    "data",
    [
        {"error": "no", "suggested_prompt": "rather that"},
        {"error": {"message": "no", "suggested_prompt": "rather that"}},
    ],
)
def test_a_suggested_prompt_is_kept(data: Any) -> None:
    assert read_complaint(data, KEY).suggestion == "rather that"


def test_a_suggestion_is_kept_up_to_the_length_of_a_prompt() -> None:
    suggestion = read_complaint({"error": "no", "suggested_prompt": "y" * 9000}, KEY).suggestion
    assert suggestion is not None
    assert len(suggestion) == 2000


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"error": {"message": "no", "type": "provider_content_policy"}}, True),
        ({"error": "no", "code": "CONTENT_POLICY_VIOLATION"}, True),
        ({"error": "content_policy"}, False),
    ],
)
def test_a_content_policy_is_known_by_its_code_or_type(data: Any, named: bool) -> None:
    assert read_complaint(data, KEY).names_content_policy is named
