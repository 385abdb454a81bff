"""Errors: every code has its status, and says rightly whether asking again can help."""

from __future__ import annotations

import inspect
import json
import re
from types import ModuleType

import pytest

from services.api.domain import artifact, refusals
from services.api.entrypoints.http import refusals as of_http
from services.api.entrypoints.http.errors import STATUS, error_answer, refused

RETRIED_BY_CLIENTS = {408, 409, 429, 500, 503}


@pytest.mark.parametrize("module", [artifact, refusals, of_http])
def test_every_code_that_is_raised_has_its_status(module: ModuleType) -> None:
    codes = set(re.findall(r'super\(\).__init__\(\s*"(\w+)"', inspect.getsource(module)))
    assert codes
    assert codes <= set(STATUS)


@pytest.mark.parametrize("code", sorted(STATUS))
def test_an_error_has_the_form_of_the_contract(code: str) -> None:
    answer = error_answer(code, "why", param="p")
    assert isinstance(answer.body, bytes)
    error = json.loads(answer.body)["error"]
    assert list(error) == ["message", "type", "param", "code"]
    assert (error["message"], error["param"], error["code"]) == ("why", "p", code)
    assert answer.status == STATUS[code]


@pytest.mark.parametrize("code", sorted(STATUS))
def test_what_a_retry_cannot_mend_says_so(code: str) -> None:
    answer = error_answer(code, "why")
    retryable = "x-should-retry" not in answer.headers
    assert retryable == (STATUS[code] in RETRIED_BY_CLIENTS - {429})


def test_a_refusal_that_passes_says_when_to_come_back() -> None:
    answer = refused(refusals.TooManyJobs(5))
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "5"
    assert "x-should-retry" not in answer.headers


def test_a_missing_key_says_what_is_wanted() -> None:
    assert refused(refusals.InvalidApiKey()).headers["WWW-Authenticate"] == "Bearer"


def test_a_refusal_names_its_field() -> None:
    answer = refused(refusals.InvalidRequest("no", param="prompt"))
    assert isinstance(answer.body, bytes)
    assert json.loads(answer.body)["error"]["param"] == "prompt"
