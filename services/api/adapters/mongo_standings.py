"""The router's standings, read from MongoDB."""

from shared.contracts.records.standing import read_standing
from shared.market.standings import Standing
from shared.storage.mongo import Collection


class MongoStandings:
    """See :class:`services.api.ports.Standings`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def all(self) -> list[Standing]:
        return [read_standing(document) async for document in self._collection.find({})]
