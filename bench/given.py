"""What a service finds when the others have done their part: jobs and offers put straight into the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo import AsyncMongoClient

from bench.stage import Scene
from services.api.adapters.job_documents import ending_fields, job_document
from services.api.domain.ending import Delivered
from services.api.domain.outbox import Letter
from shared.contracts.facts import EXCHANGE
from shared.contracts.job_events import HandedOver
from shared.contracts.records import job, offer, webhook_secret
from shared.contracts.records.job import JobRecord, JobStatus, Result, SettlementStatus, Winner
from shared.kernel.clock import in_millis
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.market.parameters import Parameters
from shared.messaging.rabbit import RabbitBus
from shared.messaging.topology import Exchange
from shared.runtime.announcer import Announcer
from shared.runtime.clock import SystemClock
from shared.vault.keys import parse_vault_keys
from shared.vault.vault import Vault

MODEL: Final = "venice-elevenlabs-sound-effects-v2"
COST: Final = Money(4_000)
LASTS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Sale:
    """An offer with its provider key, and who sells and buys."""

    buyer_id: str
    seller_id: str
    offer_id: str
    key_id: str
    provider_url: str


def now() -> datetime:
    """The instant, as the database keeps it."""
    return in_millis(SystemClock().now())


async def given_sale(scene: Scene) -> Sale:
    """An offer at the plain provider whose key can be opened, and a buyer who has a webhook secret."""
    sale = Sale(new_id(), new_id(), new_id(), new_id(), f"{scene.provider_url}/api/v1")
    vault, secret_id = Vault(parse_vault_keys(scene.vault_keys)), new_id()
    key = vault.seal(Secret("sim-bench"), offer.key_binding(sale.offer_id, sale.seller_id))
    signing = vault.seal(Secret("whsec_" + "A" * 43 + "="), webhook_secret.secret_binding(sale.buyer_id, secret_id))
    async with _collections(scene) as database:
        await database[offer.COLLECTION].insert_one(
            {"_id": sale.offer_id, "seller_id": sale.seller_id, "sealed_keys": {sale.key_id: str(key)}}
        )
        await database[webhook_secret.COLLECTION].insert_one(
            {"_id": sale.buyer_id, "secrets": [{"id": secret_id, "sealed": str(signing), "created_at": now()}]}
        )
    return sale


async def given_ended(scene: Scene, sale: Sale, jobs: Sequence[JobRecord]) -> list[JobRecord]:
    """These jobs, as api would have stored them once they had ended well and were paid for."""
    endings = [_delivered(sale, record) for record in jobs]
    paid = {"settlement_status": SettlementStatus.CONFIRMED.value}
    async with _collections(scene) as database:
        documents = [_document(record) | ending_fields(end) | paid for record, end in zip(jobs, endings, strict=True)]
        await database[job.COLLECTION].insert_many(documents)
    return [
        replace(
            record,
            status=JobStatus.SUCCEEDED,
            settlement_status=SettlementStatus.CONFIRMED,
            ended_at=end.at,
            results=end.results,
            winner=end.winner,
            seller_cost=end.seller_cost,
            buyer_cost=end.buyer_cost,
        )
        for record, end in zip(jobs, endings, strict=True)
    ]


async def given_jobs(scene: Scene, jobs: Sequence[JobRecord]) -> None:
    """These jobs, as api would have stored them."""
    async with _collections(scene) as database:
        await database[job.COLLECTION].insert_many([_document(record) for record in jobs])


def handed_over(sale: Sale, job_id: str, at: datetime) -> dict[str, Any]:
    """What is said of a job that was handed to the plain provider at that instant."""
    return HandedOver(
        job_id=job_id,
        kind="music",
        attempt=1,
        offer_id=sale.offer_id,
        seller_id=sale.seller_id,
        provider="venice",
        base_url=sale.provider_url,
        key_id=sale.key_id,
        model=MODEL,
        provider_model="elevenlabs-sound-effects-v2",
        provider_job_id=f"at-provider-{job_id}",
        routed_at=at,
        expires_at=at + LASTS,
    ).model_dump()


def running_job(sale: Sale, *, seconds: int) -> JobRecord:
    """A job that is at its provider."""
    at = now()
    return JobRecord(
        id=new_id(),
        kind="music",
        buyer_id=sale.buyer_id,
        status=JobStatus.RUNNING,
        parameters=Parameters(model=MODEL, prompt="a coin falls on a wooden table", duration_seconds=seconds),
        minimum_discount=10,
        reference_cost=COST,
        estimated_cost=COST,
        max_cost=COST,
        fee_bps=0,
        created_at=at,
        expires_at=at + LASTS,
        metadata=None,
        webhook_url=None,
        token_key_id="bench",
        attempts=1,
    )


def _delivered(sale: Sale, record: JobRecord) -> Delivered:
    """How the job ended well."""
    result = Result(
        index=0,
        key=f"async-media/{record.id}/0.flac",
        content_type="audio/flac",
        bytes=100_000,
        sha256="0" * 64,
        duration=timedelta(seconds=2),
        retained_until=now() + timedelta(hours=3),
    )
    return Delivered(now(), (result,), Winner(1, sale.offer_id, sale.seller_id), COST, COST)


@asynccontextmanager
async def announcing(scene: Scene) -> AsyncIterator[Announcer]:
    """What says facts in the name of those who do not run."""
    bus = RabbitBus(scene.addresses.amqp_url, Exchange(EXCHANGE), name="bench")
    await bus.start()
    try:
        yield Announcer(bus.publisher, SystemClock())
    finally:
        await bus.stop(timedelta(seconds=5))


@asynccontextmanager
async def _collections(scene: Scene) -> AsyncIterator[Any]:
    async with AsyncMongoClient[dict[str, Any]](scene.addresses.mongo_url) as client:
        yield client[scene.addresses.mongo_database]


def _document(record: JobRecord) -> dict[str, Any]:
    letter = Letter(new_id(), "music.job.created", b"", True, record.created_at)
    return {**job_document(record, letter), "outbox": []}
