"""What the use cases of api need from the world."""

from services.api.ports.activity import Activity, Histories, Volume
from services.api.ports.books import Books, Snapshot
from services.api.ports.deliveries import Announcer, Deliveries
from services.api.ports.jobs import Attempts, Jobs, Requests, Watch, Watches
from services.api.ports.keys import ApiKeys, RememberedKeys, WebhookSecrets
from services.api.ports.market import Offers, Standings
from services.api.ports.media import Media
from services.api.ports.money import Accounts, Ledger, Side
from services.api.ports.outbox import Outbox, Post, Unconfirmed
from services.api.ports.sealed import SealedValues
from services.api.ports.urls import Urls

__all__ = [
    "Accounts",
    "Activity",
    "Announcer",
    "ApiKeys",
    "Attempts",
    "Books",
    "Deliveries",
    "Histories",
    "Jobs",
    "Ledger",
    "Media",
    "Offers",
    "Outbox",
    "Post",
    "RememberedKeys",
    "Requests",
    "SealedValues",
    "Side",
    "Snapshot",
    "Standings",
    "Unconfirmed",
    "Urls",
    "Volume",
    "Watch",
    "Watches",
    "WebhookSecrets",
]
