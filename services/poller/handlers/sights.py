"""What the looks of this process have shown of each key, shared by the watches of the key's jobs."""

from __future__ import annotations

from weakref import WeakValueDictionary

from services.poller.domain.sight import Sight


class KeySight:
    """The sight of one key, as the latest look left it."""

    def __init__(self) -> None:
        self.sight = Sight()


class Sights:
    """Kept for as long as some job of the key is watched here."""

    def __init__(self) -> None:
        self._of: WeakValueDictionary[str, KeySight] = WeakValueDictionary()

    def of(self, key_id: str) -> KeySight:
        """The key's, which whoever holds it shares."""
        found = self._of.get(key_id)
        if found is None:
            found = self._of[key_id] = KeySight()
        return found
