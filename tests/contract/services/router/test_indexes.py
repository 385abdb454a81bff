"""What others ask of the router's attempts is answered from an index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.router.adapters.mongo_attempts import MongoAttempts
from shared.runtime.clock import SystemClock
from shared.storage.mongo import open_database


async def test_an_offers_latest_attempts_are_read_in_order_and_nothing_else(mongo_url: str, database_name: str) -> None:
    async with open_database(mongo_url, database_name) as database:
        await MongoAttempts(database, SystemClock()).ensure_indexes()
        for number in range(200):
            attempt = {"_id": f"j:{number}", "job_id": f"j{number}", "number": 1, "seller_id": "s"}
            await database["attempts"].insert_one(attempt | {"offer_id": f"o{number % 4}", "intended_at": number})
        command = {"find": "attempts", "filter": {"offer_id": "o1"}, "sort": {"intended_at": -1}, "limit": 5}
        plan: dict[str, Any] = await database.command({"explain": command, "verbosity": "executionStats"})
    stages = list(stages_of(plan["queryPlanner"]["winningPlan"]))
    assert [stage["indexName"] for stage in stages if stage["stage"] == "IXSCAN"] == ["of_offer"]
    assert "SORT" not in {stage["stage"] for stage in stages}
    assert plan["executionStats"]["totalDocsExamined"] == 5


def stages_of(stage: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield stage
    for inner in (stage.get("inputStage"), *stage.get("inputStages", ())):
        if inner is not None:
            yield from stages_of(inner)
