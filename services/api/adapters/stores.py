"""Everything that api keeps or reads in MongoDB, opened together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.api.adapters.mongo_accounts import MongoAccounts
from services.api.adapters.mongo_activity import MongoActivity, MongoHistories
from services.api.adapters.mongo_api_keys import MongoApiKeys
from services.api.adapters.mongo_attempts import MongoAttempts
from services.api.adapters.mongo_books import MongoBooks
from services.api.adapters.mongo_deliveries import MongoDeliveries
from services.api.adapters.mongo_jobs import MongoJobs
from services.api.adapters.mongo_ledger import MongoLedger
from services.api.adapters.mongo_offers import MongoOffers
from services.api.adapters.mongo_requests import MongoRequests
from services.api.adapters.mongo_sealed import MongoSealedKeys, MongoSealedSecrets
from services.api.adapters.mongo_standings import MongoStandings
from services.api.adapters.mongo_webhook_secrets import MongoWebhookSecrets
from shared.contracts.records import attempt, delivery, job, offer, standing, webhook_secret
from shared.storage.mongo import Database
from shared.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Stores:
    """One adapter for each collection."""

    accounts: MongoAccounts
    keys: MongoApiKeys
    requests: MongoRequests
    jobs: MongoJobs
    ledger: MongoLedger
    offers: MongoOffers
    secrets: MongoWebhookSecrets
    attempts: MongoAttempts
    standings: MongoStandings
    books: MongoBooks
    deliveries: MongoDeliveries
    activity: MongoActivity
    histories: MongoHistories
    sealed: tuple[MongoSealedKeys, MongoSealedSecrets]


async def open_stores(database: Database, vault: Vault, random_bytes: Callable[[int], bytes]) -> Stores:
    """The stores, with the indexes of those that are api's own."""
    stores = Stores(
        accounts=MongoAccounts(database["accounts"]),
        keys=MongoApiKeys(database["api_keys"]),
        requests=MongoRequests(database["requests"]),
        jobs=MongoJobs(database[job.COLLECTION]),
        ledger=MongoLedger(database["ledger"]),
        offers=MongoOffers(database[offer.COLLECTION]),
        secrets=MongoWebhookSecrets(database[webhook_secret.COLLECTION], vault, random_bytes),
        attempts=MongoAttempts(database[attempt.COLLECTION]),
        standings=MongoStandings(database[standing.COLLECTION]),
        books=MongoBooks(database),
        deliveries=MongoDeliveries(database[delivery.COLLECTION]),
        activity=MongoActivity(database[job.COLLECTION]),
        histories=MongoHistories(database[attempt.COLLECTION]),
        sealed=(MongoSealedKeys(database[offer.COLLECTION]), MongoSealedSecrets(database[webhook_secret.COLLECTION])),
    )
    for store in (stores.accounts, stores.keys, stores.requests, stores.jobs, stores.ledger, stores.offers):
        await store.ensure_indexes()
    return stores
