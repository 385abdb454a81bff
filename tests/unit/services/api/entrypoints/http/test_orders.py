"""What makes two orders the same, and how much a buyer may write beside one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.api.domain.refusals import InvalidRequest
from services.api.entrypoints.http.orders import DEEPEST_METADATA, MOST_METADATA, OrderBody, idempotency_of
from shared.market.discount import Floor

BODY: dict[str, Any] = {"model": "m", "prompt": "p", "metadata": {"b": 1, "a": 2}}


def order(metadata: dict[str, Any]) -> OrderBody:
    return OrderBody(model="m", prompt="p", metadata=metadata)


def fingerprint(body: dict[str, Any], floor: Floor | None = None) -> str:
    key = idempotency_of("k", body, floor)
    assert key is not None
    return key.fingerprint


def test_the_order_of_fields_makes_no_difference() -> None:
    assert fingerprint(BODY) == fingerprint(dict(reversed(BODY.items())))


def test_every_value_and_the_discount_make_a_difference() -> None:
    others = [
        fingerprint(BODY | {"prompt": "q"}),
        fingerprint(BODY | {"metadata": {"b": 1}}),
        fingerprint(BODY, Floor(0)),
        fingerprint(BODY, Floor(1)),
    ]
    assert len({fingerprint(BODY), *others}) == 5


def test_without_a_key_nothing_is_remembered() -> None:
    assert idempotency_of(None, BODY, None) is None


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\u00e9"])
def test_a_key_is_visible_ascii(key: str) -> None:
    with pytest.raises(InvalidRequest):
        idempotency_of(key, BODY, None)


def test_metadata_has_a_largest_size() -> None:
    def of_size(size: int) -> dict[str, str]:
        return {"a": "x" * (size - len('{"a":""}'))}

    assert len(order(of_size(MOST_METADATA)).metadata_text() or "") == MOST_METADATA
    with pytest.raises(InvalidRequest):
        order(of_size(MOST_METADATA + 1)).metadata_text()


def test_metadata_has_a_deepest_level_through_objects_and_lists() -> None:
    def nested(levels: int) -> dict[str, Any]:
        inner: Any = []
        for level in range(levels - 2):
            inner = [inner] if level % 2 else {"a": inner}
        return {"a": inner}

    assert json.loads(order(nested(DEEPEST_METADATA)).metadata_text() or "") == nested(DEEPEST_METADATA)
    with pytest.raises(InvalidRequest):
        order(nested(DEEPEST_METADATA + 1)).metadata_text()
