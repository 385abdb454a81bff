"""The outputs in memory, on a clock that a test may stop.  They pass the same suite as the real ones."""

from __future__ import annotations

from datetime import timedelta

from services.artifacts.adapters.memory_rows import Row, Rows
from services.artifacts.domain.audio.unfit import Unfit
from services.artifacts.domain.copies import Copy
from services.artifacts.domain.output import ONLY, Audio, Output
from services.artifacts.domain.patience import NO_TRIES, Tries
from services.artifacts.domain.saying import AGAIN_AFTER, AT_LEAST_EVERY, LOOKED_AFTER
from services.artifacts.ports import Claim, Claiming, Held, Over
from shared.contracts.records.artifact import ArtifactState, artifact_id
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id


class MemoryOutputs:
    """See :class:`services.artifacts.ports.Outputs`."""

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self.rows = rows
        self._clock = clock

    async def claim(self, copy: Copy, *, lease: timedelta) -> Claiming:
        row = self.rows.of(copy)
        if row is None:
            row = self.rows.make(copy, ArtifactState.CLAIMED, self._clock.now())
            return self._claimed(row, copy, lease, taken_over=False)
        if row.state is ArtifactState.STORED:
            return row.output()
        if row.ended or row.copy.attempt > copy.attempt:
            return Over()
        if row.state is ArtifactState.REJECTED and row.copy.attempt == copy.attempt:
            return row.output()
        if row.leased(self._clock.now()):
            return Held()
        return self._claimed(row, copy, lease, taken_over=True)

    def _claimed(self, row: Row, copy: Copy, lease: timedelta, *, taken_over: bool) -> Claim:
        now = self._clock.now()
        if copy.attempt > row.copy.attempt:
            row.not_needed(now, *(attempt for attempt in row.copies if attempt < copy.attempt))
            row.tries, row.counted, row.unfit = NO_TRIES, None, None
        row.copy, row.state, row.changed_at = copy, ArtifactState.CLAIMED, now
        row.token, row.lease_until, row.say_at = new_id(), now + lease, now + LOOKED_AFTER
        row.know(copy)
        return Claim(copy, row.token, row.tries, row.counted, taken_over)

    async def renew(self, claim: Claim, *, lease: timedelta) -> bool:
        row = self._under(claim)
        if row is not None:
            row.lease_until = self._clock.now() + lease
        return row is not None

    async def about_to_complete(self, claim: Claim, audio: Audio, *, lease: timedelta) -> bool:
        row = self._under(claim)
        if row is not None:
            row.counted = audio
        return await self.renew(claim, lease=lease)

    async def store(self, claim: Claim, audio: Audio, *, retention: timedelta) -> Output | None:
        row = self._under(claim)
        if row is None:
            return None
        self._settle(row, ArtifactState.STORED)
        row.audio, row.retained_until = audio, self._clock.now() + retention
        return row.output()

    async def reject(self, claim: Claim, unfit: Unfit) -> Output | None:
        row = self._under(claim)
        if row is None:
            return None
        self._settle(row, ArtifactState.REJECTED)
        row.unfit = unfit
        return row.output()

    def _settle(self, row: Row, state: ArtifactState) -> None:
        now = self._clock.now()
        row.state, row.changed_at, row.say_at = state, now, now + AGAIN_AFTER
        row.counted, row.token, row.lease_until = None, None, None

    async def release(self, claim: Claim, *, tries: Tries | None = None) -> None:
        row = self._under(claim)
        if row is not None:
            row.token, row.lease_until, row.tries = None, None, tries or row.tries

    def _under(self, claim: Claim) -> Row | None:
        row = self.rows.of(claim.copy)
        stands = row and not row.ended and row.state is ArtifactState.CLAIMED and row.token == claim.token
        return row if stands else None

    async def end(self, job_id: str, *, delivered: bool) -> bool:
        row = self.rows.get(artifact_id(job_id, ONLY))
        if row is None:
            return False
        row.ended, row.say_at = True, None
        row.not_needed(self._clock.now(), *row.copies)
        return not delivered and row.state in (ArtifactState.CLAIMED, ArtifactState.STORED)

    async def discard(self, job_id: str) -> None:
        row = self.rows.get(artifact_id(job_id, ONLY))
        if row is not None and row.ended and row.state in (ArtifactState.CLAIMED, ArtifactState.STORED):
            row.state = ArtifactState.EXPIRED

    async def unsaid(self) -> Output | None:
        now = self._clock.now()
        due = [row for row in self.rows.values() if row.say_at is not None and row.say_at <= now]
        if not due:
            return None
        row = min(due, key=lambda row: row.say_at or now)
        row.say_at = now + min(max(AGAIN_AFTER, now - row.changed_at), AT_LEAST_EVERY)
        return row.output()

    async def said(self, output: Output) -> None:
        row = self.rows.get(artifact_id(output.job_id, output.index))
        if row is not None:
            row.not_needed(self._clock.now(), output.attempt)

    async def past_retention(self, *, lease: timedelta) -> Output | None:
        now = self._clock.now()
        for row in self.rows.values():
            over = row.retained_until is not None and row.retained_until <= now
            if row.state is ArtifactState.STORED and over and not row.leased(now):
                row.lease_until = now + lease
                return row.output()
        return None

    async def expire(self, output: Output) -> None:
        row = self.rows.get(artifact_id(output.job_id, output.index))
        if row is not None and row.state is ArtifactState.STORED:
            row.state, row.say_at = ArtifactState.EXPIRED, None
