"""Jobs that a simulated provider has taken on, as the services before this one leave them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.job_events import JobGenerated
from shared.contracts.records.offer import key_binding
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from shared.vault.vault import Vault
from tests.contract.services.router.documents import job_document, offer_document
from tests.integration.simulator.caller import Caller
from tests.unit.services.artifacts.story import job
from tests.unit.services.router.market import offer

LIFE = timedelta(minutes=15)


async def place_order(
    provider: Caller, database: Any, vault: Vault, *, seconds: int = 3, life: timedelta = LIFE, **fields: object
) -> JobGenerated:
    """Have a job rendered, with its record and its offer's in place; returns the news that it is done."""
    at = datetime.now(UTC)
    taken = await provider.queue(duration_seconds=seconds, **fields)
    made = offer(new_id(), base_url=f"{provider.address}/api/v1")
    sealed = vault.seal(Secret(provider.key or ""), key_binding(made.id, made.seller_id))
    await database["offers"].insert_one(offer_document(made, sealed=str(sealed)))
    record = job(id=new_id(), created_at=at, expires_at=at + life)
    record = replace(record, parameters=replace(record.parameters, duration_seconds=seconds))
    await database["jobs"].insert_one(job_document(record))
    return JobGenerated(
        job_id=record.id,
        kind="music",
        attempt=1,
        offer_id=made.id,
        seller_id=made.seller_id,
        provider=made.provider,
        base_url=made.base_url,
        key_id=made.key_id,
        model=record.parameters.model,
        provider_model=taken["model"],
        provider_job_id=taken["queue_id"],
        routed_at=at,
        expires_at=record.expires_at,
        content_type="audio/mpeg",
    )


async def known_to(provider: Caller, news: JobGenerated) -> dict[str, Any]:
    """What the provider remembers of the job."""
    (known,) = [job for job in await provider.jobs() if job["queue_id"] == news.provider_job_id]
    return known
