"""Webhook secrets: one is made when it is needed, and older ones sign along for a while."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

import pytest

from services.api.adapters.memory_webhook_secrets import MemoryWebhookSecrets
from services.api.adapters.mongo_webhook_secrets import MongoWebhookSecrets
from services.api.ports import WebhookSecrets
from shared.contracts.records.webhook_secret import secret_binding
from shared.storage.mongo import Database, open_database
from shared.vault.keys import VaultKey
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault
from tests.unit.services.api.samples import AT

VAULT = Vault([VaultKey("v1", b"k" * 32)])
HOUR = timedelta(hours=1)


@pytest.fixture
def secrets(database: Database | None) -> WebhookSecrets:
    if database is None:
        return MemoryWebhookSecrets()
    return MongoWebhookSecrets(database["webhook_secrets"], VAULT, os.urandom)


async def test_a_secret_is_made_once_when_it_is_needed(secrets: WebhookSecrets) -> None:
    assert await secrets.list_of("b1") == []
    await asyncio.gather(*(secrets.ensure("b1", AT) for _ in range(8)))
    assert len(await secrets.list_of("b1")) == 1
    assert await secrets.list_of("b2") == []


async def test_a_new_secret_comes_first_and_the_old_one_signs_along_until_the_overlap_is_over(
    secrets: WebhookSecrets,
) -> None:
    await secrets.ensure("b1", AT)
    (old,) = await secrets.list_of("b1")
    await secrets.rotate("b1", AT, HOUR)
    new, replaced = await secrets.list_of("b1")
    assert (new.expires_at, replaced.id, replaced.expires_at) == (None, old.id, AT + HOUR)


async def test_a_second_rotation_never_lengthens_an_old_secrets_life(secrets: WebhookSecrets) -> None:
    await secrets.rotate("b1", AT, HOUR)
    await secrets.rotate("b1", AT, HOUR)
    await secrets.rotate("b1", AT, 5 * HOUR)
    assert [each.expires_at for each in await secrets.list_of("b1")] == [None, AT + 5 * HOUR, AT + HOUR]


async def test_expired_secrets_are_dropped_at_the_next_rotation(secrets: WebhookSecrets) -> None:
    await secrets.rotate("b1", AT, HOUR)
    await secrets.rotate("b1", AT, timedelta())
    assert len(await secrets.list_of("b1")) == 1


async def test_a_stored_secret_opens_for_its_buyer(mongo_url: str, database_name: str) -> None:
    async with open_database(mongo_url, database_name) as opened:
        secrets = MongoWebhookSecrets(opened["webhook_secrets"], VAULT, os.urandom)
        secret = await secrets.rotate("b1", AT, HOUR)
        (kept,) = await secrets.list_of("b1")
    assert VAULT.open(Sealed.parse(kept.sealed), secret_binding("b1", kept.id)) == secret
