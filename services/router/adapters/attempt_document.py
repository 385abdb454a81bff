"""An attempt as it is stored when it is intended."""

from __future__ import annotations

from typing import Any

from shared.contracts.records.attempt import AttemptRecord
from shared.market.offers import terms_data


def attempt_document(attempt: AttemptRecord) -> dict[str, Any]:
    """The document of an intent.  ``current``: the job's next step may hang on it."""
    return {
        "_id": attempt.id,
        "job_id": attempt.job_id,
        "number": attempt.number,
        "state": attempt.state.value,
        "kind": attempt.kind,
        "offer_id": attempt.offer_id,
        "seller_id": attempt.seller_id,
        "provider": attempt.provider,
        "base_url": attempt.base_url,
        "key_id": attempt.key_id,
        "model": attempt.model,
        "provider_model": attempt.provider_model,
        "terms": terms_data(attempt.terms),
        "seller_cost": attempt.cost.seller.micros,
        "fee": attempt.cost.fee.micros,
        "intended_at": attempt.intended_at,
        "expires_at": attempt.expires_at,
        "reservation_id": attempt.reservation_id,
        "current": True,
    }
