"""Jobs, offers and artifacts as the services that own them keep them."""

from datetime import UTC, datetime
from typing import Any

from shared.contracts.records.artifact import ArtifactRecord, artifact_id
from shared.contracts.records.document import micros
from shared.contracts.records.job import JobRecord
from shared.market.offers import Offer, terms_data
from shared.market.own import own_data


def offer_document(offer: Offer, revision: int = 1, sealed: str = "sealed") -> dict[str, Any]:
    return {
        "_id": offer.id,
        "seller_id": offer.seller_id,
        "provider": offer.provider,
        "base_url": offer.base_url,
        "model": offer.model,
        "terms": terms_data(offer.terms),
        "status": offer.status.value,
        "key_id": offer.key_id,
        "cap_daily": micros(offer.cap_daily),
        "max_concurrent": offer.max_concurrent,
        "own": own_data(offer.own),
        "revision": revision,
        "created_at": datetime.now(UTC),
        "sealed_keys": {offer.key_id: sealed},
    }


def job_document(job: JobRecord) -> dict[str, Any]:
    return {
        "_id": job.id,
        "kind": job.kind,
        "buyer_id": job.buyer_id,
        "status": job.status.value,
        "parameters": job.parameters.data(),
        "minimum_discount": job.minimum_discount,
        "reference_cost": micros(job.reference_cost),
        "estimated_cost": job.estimated_cost.micros,
        "max_cost": job.max_cost.micros,
        "fee_bps": job.fee_bps,
        "created_at": job.created_at,
        "expires_at": job.expires_at,
        "metadata": job.metadata,
        "webhook_url": job.webhook_url,
        "token_key_id": job.token_key_id,
        "attempts": job.attempts,
        "settlement_status": job.settlement_status.value,
    }


def artifact_document(artifact: ArtifactRecord) -> dict[str, Any]:
    return {
        "_id": artifact_id(artifact.job_id, artifact.index),
        "job_id": artifact.job_id,
        "index": artifact.index,
        "attempt": artifact.attempt,
        "state": artifact.state.value,
        "lease_until": artifact.lease_until,
    }
