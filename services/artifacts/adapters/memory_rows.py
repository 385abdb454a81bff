"""What is kept of each output, in memory, for tests of what is built on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.artifacts.domain.audio.unfit import Unfit
from services.artifacts.domain.copies import Copy, CopyState
from services.artifacts.domain.output import Audio, Output
from services.artifacts.domain.patience import NO_TRIES, Tries
from shared.contracts.records.artifact import ArtifactState, artifact_id


@dataclass(slots=True)
class KnownCopy:
    """One copy at a provider, and what is to become of it."""

    copy: Copy
    state: CopyState


@dataclass(slots=True)
class Row:
    """One output and the copies of it."""

    copy: Copy
    """Of the attempt that it came furthest in."""
    state: ArtifactState
    changed_at: datetime
    ended: bool = False
    lease_until: datetime | None = None
    token: str | None = None
    tries: Tries = NO_TRIES
    counted: Audio | None = None
    audio: Audio | None = None
    retained_until: datetime | None = None
    unfit: Unfit | None = None
    say_at: datetime | None = None
    copies: dict[int, KnownCopy] = field(default_factory=dict)
    forget_at: datetime | None = None
    forget_since: datetime | None = None
    forget_tries: int = 0

    def know(self, copy: Copy) -> None:
        """Have the copy among those that are known."""
        self.copies.setdefault(copy.attempt, KnownCopy(copy, CopyState.KEPT))

    def not_needed(self, at: datetime, *attempts: int) -> None:
        """The copies of these attempts are due, unless they are gone."""
        for attempt in attempts:
            known = self.copies.get(attempt)
            if known is not None and known.state is CopyState.KEPT:
                known.state = CopyState.DUE
                self.forget_at = at
                self.forget_since = self.forget_since or at

    def leased(self, at: datetime) -> bool:
        """Whether somebody works on it."""
        return self.lease_until is not None and self.lease_until > at

    def output(self) -> Output:
        """What others may know of it."""
        return Output(
            job_id=self.copy.job_id,
            index=self.copy.index,
            kind=self.copy.kind,
            attempt=self.copy.attempt,
            offer_id=self.copy.offer_id,
            state=self.state,
            audio=self.audio,
            retained_until=self.retained_until,
            unfit=self.unfit,
        )


class Rows(dict[str, Row]):
    """Every row by its id."""

    def of(self, copy: Copy) -> Row | None:
        """The row of the output that ``copy`` is of."""
        return self.get(artifact_id(copy.job_id, copy.index))

    def make(self, copy: Copy, state: ArtifactState, at: datetime) -> Row:
        """A new row."""
        row = self[artifact_id(copy.job_id, copy.index)] = Row(copy, state, at)
        return row
