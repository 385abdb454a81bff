"""API keys: found by hash, revoked by their own account."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.api.adapters.memory_api_keys import MemoryApiKeys
from services.api.adapters.mongo_api_keys import MongoApiKeys
from services.api.domain.account import Role
from services.api.domain.api_key import ApiKey
from services.api.ports import ApiKeys
from shared.kernel.ids import new_id
from shared.storage.mongo import Database
from tests.unit.services.api.samples import AT, letter

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def keys(database: Database | None) -> ApiKeys:
    if database is None:
        return MemoryApiKeys()
    stored = MongoApiKeys(database["api_keys"])
    await stored.ensure_indexes()
    return stored


def key(account_id: str = "a1", **changes: object) -> ApiKey:
    ordinary = ApiKey(new_id(), account_id, Role.BUYER, "laptop", "inf_12345", new_id(), AT)
    return replace(ordinary, **changes)  # type: ignore[arg-type]


async def test_a_key_is_found_by_its_hash(keys: ApiKeys) -> None:
    new = key(expires_at=AT + MINUTE)
    assert await keys.add(new, most=5)
    assert await keys.by_digest(new.digest) == new
    assert await keys.by_digest("other") is None


async def test_an_account_has_no_more_good_keys_than_it_may(keys: ApiKeys) -> None:
    expired = key(expires_at=AT - MINUTE)
    assert all([await keys.add(new, most=2) for new in (expired, key(), key())])
    assert not await keys.add(key(), most=2)
    assert await keys.add(key("a2"), most=2)


async def test_many_keys_at_once_are_no_more_than_there_may_be(keys: ApiKeys) -> None:
    added = await asyncio.gather(*(keys.add(key(), most=5) for _ in range(20)))
    assert added.count(True) == 5
    assert len(await keys.list_of("a1")) == 5


async def test_a_key_that_has_expired_makes_room(keys: ApiKeys) -> None:
    assert await keys.add(key(expires_at=AT + MINUTE), most=1)
    assert not await keys.add(key(), most=1)
    assert await keys.add(key(created_at=AT + MINUTE), most=1)


async def test_a_revoked_key_makes_room_and_is_listed_no_more(keys: ApiKeys) -> None:
    new = key()
    await keys.add(new, most=1)
    assert await keys.revoke("a1", new.id, AT, letter())
    assert not await keys.revoke("a1", new.id, AT, letter())
    assert await keys.by_digest(new.digest) == replace(new, revoked_at=AT)
    assert await keys.list_of("a1") == []
    assert await keys.add(key(), most=1)
    assert [unsent.document_id for unsent in await keys.unsent(AT + MINUTE, 5)] == [new.id]


async def test_nobody_revokes_or_lists_a_foreign_key(keys: ApiKeys) -> None:
    new = key()
    await keys.add(new, most=5)
    assert not await keys.revoke("a2", new.id, AT, letter())
    assert await keys.list_of("a2") == []


async def test_keys_are_listed_newest_first(keys: ApiKeys) -> None:
    old, young = key(created_at=AT - MINUTE), key()
    for new in (young, old):
        await keys.add(new, most=5)
    assert await keys.list_of("a1") == [young, old]


async def test_the_last_use_is_kept_to_the_minute(keys: ApiKeys) -> None:
    new = key()
    await keys.add(new, most=5)
    for at in (AT, AT + timedelta(seconds=30)):
        await keys.note_used(new.id, at)
    assert await keys.by_digest(new.digest) == replace(new, last_used_at=AT)
    await keys.note_used(new.id, AT + 2 * MINUTE)
    assert await keys.by_digest(new.digest) == replace(new, last_used_at=AT + 2 * MINUTE)
