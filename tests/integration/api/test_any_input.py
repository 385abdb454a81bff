"""No input is a bug: whatever the document lets a caller send, and what it does not, is answered as it says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from multidict import CIMultiDict
from schemathesis import Case, GenerationMode

from tests.integration.api.caller import Caller
from tests.integration.api.described import DOCUMENT, check
from tests.kit.processes import Service

NOWHERE = "https://127.0.0.1:9"
ADDRESSES = ("base_url", "webhook_url", "url")
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]
SOME = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def aimed(case: Case) -> Case:
    """The case with every address in it at a closed port of this machine: nobody else is ever called."""
    if isinstance(case.body, dict):
        case.body = case.body | {name: NOWHERE for name in ADDRESSES if isinstance(case.body.get(name), str)}
    return case


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method.upper()} {one.path}")
def test_any_input_is_answered_as_described(
    api: Service, buyer: Caller, seller: Caller, operator: Caller, operation: Any
) -> None:
    keys = {"buyerKey": buyer.key, "sellerKey": seller.key, "operatorToken": operator.key}
    schemes = [scheme for one in operation.definition.raw["security"] for scheme in one]
    sent = {"Authorization": f"Bearer {keys[schemes[0]]}"} if schemes else {}

    # What anyone may read has nothing in it that could be wrong.
    for mode in GenerationMode if schemes else [GenerationMode.POSITIVE]:

        @SOME
        @given(case=operation.as_strategy(generation_mode=mode))
        def answered(case: Case) -> None:
            reply = aimed(case).call(base_url=api.url, headers=sent)
            path = reply.request.url.removeprefix(api.url)
            headers = CIMultiDict((name, value) for name, values in reply.headers.items() for value in values)
            check(reply.request.method, path, reply.status_code, headers, reply.content)
            assert reply.status_code != 500

        answered()
