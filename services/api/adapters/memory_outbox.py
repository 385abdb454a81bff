"""Letters of one collection, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.api.domain.outbox import Letter, Unsent


class MemoryOutbox:
    """See :class:`services.api.ports.Outbox`."""

    def __init__(self) -> None:
        self._letters: dict[str, list[Letter]] = {}

    async def pull(self, document_id: str, event_id: str) -> None:
        kept = [letter for letter in self._letters.get(document_id, ()) if letter.event_id != event_id]
        self._letters[document_id] = kept

    async def take_up(self, document_id: str, letter: Letter, at: datetime) -> bool:
        letters = self._letters.get(document_id, [])
        if letter not in letters:
            return False
        letters[letters.index(letter)] = replace(letter, at=at)
        return True

    async def unsent(self, before: datetime, limit: int) -> list[Unsent]:
        old = [
            Unsent(document_id, tuple(letters))
            for document_id, letters in self._letters.items()
            if any(letter.at < before for letter in letters)
        ]
        return sorted(old, key=lambda unsent: min(letter.at for letter in unsent.letters))[:limit]

    async def backlog(self, most: int) -> int:
        return min(most, sum(bool(letters) for letters in self._letters.values()))

    def _keep(self, document_id: str, letter: Letter) -> None:
        self._letters.setdefault(document_id, []).append(letter)

    def _has_unsent(self, document_id: str) -> bool:
        return bool(self._letters.get(document_id))
