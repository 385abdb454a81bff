"""Bodies: whatever is sent, either a value of ours or a refusal that names the field."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.domain.refusals import InvalidRequest
from services.api.entrypoints.http.strict_json import DEEPEST, MOST_BYTES, Body, parsed, validated

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


class Song(Body):
    """A body for these tests."""

    title: str
    seconds: int = 60


def param_of(value: dict[str, Any]) -> str | None:
    with pytest.raises(InvalidRequest) as refused:
        validated(value, Song)
    return refused.value.param


@given(st.binary(max_size=200))
def test_no_bytes_are_a_bug(data: bytes) -> None:
    with suppress(InvalidRequest):
        assert isinstance(parsed(data), dict)


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_an_object_comes_back_as_it_was(value: dict[str, Any]) -> None:
    assert parsed(json.dumps(value).encode()) == value


@pytest.mark.parametrize("value", ["\0", "\ud800", {"\0": 1}, {"\udfff": 1}, [[["a\0"]]], [["a\ud800"]]])
def test_text_that_nothing_of_ours_can_keep_is_refused_by_the_name_of_its_field(value: object) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parsed(json.dumps({"seconds": 1, "title": value}).encode())
    assert refused.value.param == "title"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"1" * 5000])
def test_numbers_beyond_all_numbers_are_refused(number: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parsed(b'{"title": ' + number + b"}")


def test_half_a_character_in_a_name_is_refused_without_repeating_it() -> None:
    with pytest.raises(InvalidRequest) as refused:
        parsed(b'{"\\ud800": "\\ud800"}')
    assert refused.value.param is None


def test_the_largest_body_costs_no_more_than_its_size() -> None:
    """One that said the last of very many names twice once kept a process from everybody else for seconds."""
    names = ",".join(f'"{number:x}":0' for number in range(29_000))
    body = f'{{{names},"{28_999:x}":0}}'.encode()
    assert MOST_BYTES * 0.95 < len(body) <= MOST_BYTES
    began = time.process_time()
    with pytest.raises(InvalidRequest):
        parsed(body)
    assert time.process_time() - began < 1


def test_nesting_ends_somewhere() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)

    assert parsed(nested(DEEPEST))
    with pytest.raises(InvalidRequest):
        parsed(nested(DEEPEST + 1))


@pytest.mark.parametrize(
    ("value", "param"),
    [
        ({}, "title"),
        ({"title": 5}, "title"),
        ({"title": "x", "seconds": "60"}, "seconds"),
        ({"title": "x", "seconds": 60.0}, "seconds"),
        ({"title": "x", "seconds": True}, "seconds"),
        ({"title": "x", "more": 1}, "more"),
    ],
)
def test_the_first_field_that_is_wrong_is_named(value: dict[str, Any], param: str) -> None:
    assert param_of(value) == param


def test_a_refusal_never_repeats_what_was_sent() -> None:
    with pytest.raises(InvalidRequest) as refused:
        validated({"title": 5, "seconds": "sel_secret"}, Song)
    assert "sel_secret" not in refused.value.message
