"""Jobs as they are once other services have done their part, written straight into the database and the bucket."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from deploy.provision.bucket import client
from tests.servers.servers import Bucket

AUDIO = random.Random(7).randbytes(300_000)
SHA256 = hashlib.sha256(AUDIO).hexdigest()


def object_key(job_id: str) -> str:
    return f"async-media/{job_id}/0.mp3"


def put_audio(bucket: Bucket, job_id: str, audio: bytes = AUDIO) -> None:
    s3 = client(bucket.endpoint, bucket.access_key, bucket.secret_key)
    s3.put_object(Bucket=bucket.name, Key=object_key(job_id), Body=audio)


async def let_succeed(database: AsyncDatabase[dict[str, Any]], job_id: str, **result: Any) -> None:
    """End a job as api ends one whose audio is stored and paid for."""
    now = datetime.now(UTC)
    stored = {
        "index": 0,
        "key": object_key(job_id),
        "content_type": "audio/mpeg",
        "bytes": len(AUDIO),
        "sha256": SHA256,
        "duration_millis": 60_040,
        "retained_until": now + timedelta(hours=3),
        "expired": False,
    }
    ended = {
        "status": "succeeded",
        "results": [stored | result],
        "settlement_status": "confirmed",
        "seller_cost": 21_000,
        "buyer_cost": 21_000,
        "ended_at": now,
        "winner": {"attempt": 1, "offer_id": "an offer", "seller_id": "a seller"},
    }
    await database["jobs"].update_one({"_id": job_id}, {"$set": ended})
