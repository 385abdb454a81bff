"""What providers still have, in memory.  It passes the same suite as the real one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from services.artifacts.adapters.memory_rows import Rows
from services.artifacts.domain.copies import Copy, CopyState
from services.artifacts.ports import Forgetting
from shared.contracts.records.artifact import ArtifactState
from shared.kernel.clock import Clock


class MemoryCopies:
    """See :class:`services.artifacts.ports.Copies`."""

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    async def leave(self, copy: Copy) -> None:
        now = self._clock.now()
        row = self._rows.of(copy)
        if row is None:
            row = self._rows.make(copy, ArtifactState.EXPIRED, now)
            row.ended = True
        row.know(copy)
        row.not_needed(now, copy.attempt)

    async def due(self, *, lease: timedelta) -> Forgetting | None:
        now = self._clock.now()
        due = [(row.forget_at, name) for name, row in self._rows.items() if row.forget_at and row.forget_at <= now]
        if not due:
            return None
        _, name = min(due)
        row = self._rows[name]
        row.forget_at, row.forget_tries = now + lease, row.forget_tries + 1
        return Forgetting(
            output_id=name,
            copies=[known.copy for known in row.copies.values() if known.state is CopyState.DUE],
            times_asked=row.forget_tries - 1,
            due_for=now - (row.forget_since or now),
        )

    async def conclude(
        self, round: Forgetting, *, forgotten: Collection[int], given_up: Collection[int], again_after: timedelta
    ) -> None:
        row = self._rows[round.output_id]
        for attempt, known in row.copies.items():
            if attempt in forgotten:
                known.state = CopyState.FORGOTTEN
            elif attempt in given_up:
                known.state = CopyState.GIVEN_UP
        if any(known.state is CopyState.DUE for known in row.copies.values()):
            row.forget_at = self._clock.now() + again_after
        else:
            row.forget_at, row.forget_since, row.forget_tries = None, None, 0
