"""Sealed values: those under older keys are found in pages, and replaced by compare-and-set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from services.api.adapters.memory_sealed import MemorySealedValues
from services.api.adapters.mongo_sealed import MongoSealedKeys, MongoSealedSecrets
from services.api.domain.resealing import SealedValue
from services.api.ports import SealedValues
from shared.contracts.records.offer import key_binding
from shared.contracts.records.webhook_secret import secret_binding
from shared.storage.mongo import Database

Given: TypeAlias = Callable[[dict[str, dict[str, str]]], Awaitable[SealedValues]]


@pytest.fixture(params=["keys", "secrets"])
def given(request: pytest.FixtureRequest, database: Database | None) -> Given:
    """Stores that hold these values: sealed texts by name, by document."""

    async def keys(values: dict[str, dict[str, str]]) -> SealedValues:
        if database is None:
            return MemorySealedValues([value for name in values for value in key_values(name, values[name])])
        for name, sealed in values.items():
            await database["offers"].insert_one({"_id": name, "seller_id": "s1", "sealed_keys": sealed})
        return MongoSealedKeys(database["offers"])

    async def secrets(values: dict[str, dict[str, str]]) -> SealedValues:
        if database is None:
            return MemorySealedValues([value for name in values for value in secret_values(name, values[name])])
        for name, sealed in values.items():
            items = [{"id": item, "sealed": text, "created_at": None} for item, text in sealed.items()]
            await database["webhook_secrets"].insert_one({"_id": name, "secrets": items})
        return MongoSealedSecrets(database["webhook_secrets"])

    return keys if request.param == "keys" else secrets


def key_values(document: str, sealed: dict[str, str]) -> list[SealedValue]:
    return [SealedValue(document, name, text, key_binding(document, "s1")) for name, text in sealed.items()]


def secret_values(document: str, sealed: dict[str, str]) -> list[SealedValue]:
    return [SealedValue(document, name, text, secret_binding(document, name)) for name, text in sealed.items()]


SOME = {"a": {"1": "v1.old.AA", "2": "v1.new.BB"}, "b": {"1": "v1.newer.CC"}, "c": {"1": "v1.new.DD"}}


async def test_values_under_other_keys_are_found_a_page_at_a_time(given: Given) -> None:
    values = await given(SOME)
    (first,) = await values.behind("new", "", 1)
    assert (first.document_id, first.name, first.sealed) == ("a", "1", "v1.old.AA")
    assert first.owner[1] == "a"
    (second,) = await values.behind("new", "a", 5)
    assert second.sealed == "v1.newer.CC"
    assert await values.behind("new", "b", 5) == []


async def test_a_value_is_replaced_only_as_long_as_it_is_as_it_was_read(given: Given) -> None:
    values = await given(SOME)
    (value,) = await values.behind("new", "", 1)
    assert not await values.replace(replace(value, sealed="v1.old.ZZ"), "v1.new.EE")
    assert await values.replace(value, "v1.new.EE")
    assert not await values.replace(value, "v1.new.FF")
    assert [found.document_id for found in await values.behind("new", "", 5)] == ["b"]


async def test_values_are_counted_by_key_and_one_can_be_had(given: Given) -> None:
    values = await given(SOME)
    assert await values.count() == Counter({"new": 2, "old": 1, "newer": 1})
    found = await values.one_under("newer")
    assert found is not None
    assert found.sealed == "v1.newer.CC"
    assert await values.one_under("oldest") is None


async def test_where_nothing_is_sealed_there_is_nothing_to_do(given: Given) -> None:
    values = await given({"a": {}})
    assert await values.behind("new", "", 5) == []
    assert await values.count() == Counter()
