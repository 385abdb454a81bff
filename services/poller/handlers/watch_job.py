"""Watch one job at its provider until there is audio, nothing will come, or the lease is due for renewal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.poller.domain.sight import after_look, foreseen, proof_needed
from services.poller.domain.timetable import next_due, timetable
from services.poller.domain.watch import Generated, GiveUp, KeepWatching, Verdict, Watch, assess
from services.poller.handlers.sights import Sights
from services.poller.handlers.slots import Slots
from services.poller.ports import Announcer, Keys, OpenWatch, Records, Watches
from shared.contracts.addressed import Addressed
from shared.contracts.event import Event
from shared.contracts.job_events import AttemptFailed, JobGenerated, JobRouted, JobRunning
from shared.kernel.clock import Clock
from shared.kernel.errors import Transient
from shared.market.kinds import Kind
from shared.providers.outcomes import LookOutcome, Working
from shared.providers.provider import Access, Handed, Provider

RENEW_AFTER: Final = timedelta(minutes=2)
"""A lease this old goes back to the queue, which keeps it far from consumer timeouts and spreads the load."""
RENEW_IN_DOUBT_AFTER: Final = timedelta(minutes=4)
"""Looks that spoke against a job are counted in its lease, so a watch in doubt keeps it longer."""

FRESH_FOR: Final = timedelta(seconds=1)
"""A lease older than this, when it is taken up, may have been held before."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Watching:
    """What every watch of this process shares."""

    kinds: Mapping[str, Kind]
    providers: Mapping[str, Provider]
    keys: Keys
    announcer: Announcer
    watches: Watches
    records: Records
    clock: Clock
    slots: Slots
    sights: Sights


async def watch_job(routed: JobRouted, world: Watching) -> Sequence[Event | Addressed]:
    """Look until the job is done and say so.  A second watch of the same job does no harm.

    A lease that has been somebody's is checked against the record first: where all is done already, looks
    would only be refused, and refusals shut a key out for everybody's jobs.
    """
    moved = world.clock.now() - routed.routed_at >= FRESH_FOR
    if moved and await world.records.settled(routed.job_id, routed.attempt):
        return ()
    access = Access(routed.base_url, await world.keys.open(routed.offer_id, routed.key_id))
    with world.watches.watching(routed.job_id) as watch:
        return await _Lease(routed, access, watch, world).hold()


class _Lease:
    """One message held while its job is watched."""

    def __init__(self, routed: JobRouted, access: Access, watch: OpenWatch, world: Watching) -> None:
        self._routed = routed
        self._access = access
        self._open_watch = watch
        self._world = world
        self._provider = world.providers[routed.provider]
        self._key = world.sights.of(routed.key_id)
        self._handed = Handed(routed.provider_model, routed.provider_job_id, routed.kind)
        self._running: JobRunning | None = None

    async def hold(self) -> Sequence[Event | Addressed]:
        """Look on schedule until there is something to say."""
        routed, clock = self._routed, self._world.clock
        instants = timetable(self._world.kinds[routed.kind].looks, routed.job_id, routed.routed_at)
        watch, after = Watch(routed.routed_at, routed.expires_at), None
        began = now = clock.now()
        while True:
            due = next_due(instants, at=now, after=after, expires_at=routed.expires_at)
            until = min(due, began + (RENEW_IN_DOUBT_AFTER if watch.in_doubt else RENEW_AFTER))
            if await self._open_watch.wait((until - now).total_seconds()):
                return ()
            if until < due:
                return self._renewal()
            verdict = await self._look(watch, due)
            if verdict is None:
                return ()
            if not isinstance(verdict, KeepWatching):
                return (self._ending(verdict),)
            watch, after, now = verdict.watch, verdict.after, clock.now()

    async def _look(self, watch: Watch, due: datetime) -> Verdict | None:
        """What a look means, or is known to mean without one; None when the watch was dropped before its turn."""
        async with self._world.slots.slot(self._routed.seller_id, self._routed.key_id):
            at = max(due, self._world.clock.now())
            if self._open_watch.dropped:
                return None
            outcome = known = foreseen(self._key.sight, watch, at)
            if outcome is None:
                outcome = await self._provider.look(self._access, self._handed, watch.prospect)
        verdict = assess(watch, outcome, at, proof=proof_needed(self._key.sight, at))
        if known is None:
            self._key.sight = after_look(self._key.sight, watch, outcome, verdict, at)
        if isinstance(verdict, KeepWatching):
            await self._note_running(outcome, due)
        return verdict

    async def _note_running(self, outcome: LookOutcome, looked_at: datetime) -> None:
        """Say job.running, once a lease: the first time that the provider is seen at work."""
        if self._running is not None or not isinstance(outcome, Working):
            return
        running = self._at_work(outcome, looked_at)
        try:
            await self._world.announcer.say(running)
            self._running = running
        except Transient as error:
            log.warning("job.running is not said yet", error=str(error))

    def _renewal(self) -> Sequence[Event | Addressed]:
        """The lease, given to whichever poller is free, with a sign of life."""
        return (self._running or self._at_work(Working(), self._routed.routed_at), Addressed(self._routed, "poller"))

    def _at_work(self, seen: Working, looked_at: datetime) -> JobRunning:
        started_at = self._routed.routed_at if seen.elapsed is None else looked_at - seen.elapsed
        return JobRunning(
            job_id=self._routed.job_id,
            kind=self._routed.kind,
            attempt=self._routed.attempt,
            started_at=max(started_at, self._routed.routed_at),
            expected_seconds=None if seen.expected is None else seen.expected.total_seconds(),
        )

    def _ending(self, verdict: Verdict) -> Event:
        match verdict:
            case Generated(content_type):
                return JobGenerated(**dict(self._routed), content_type=content_type)
            case GiveUp(code, message, suggestion):
                return AttemptFailed(
                    job_id=self._routed.job_id,
                    kind=self._routed.kind,
                    attempt=self._routed.attempt,
                    offer_id=self._routed.offer_id,
                    code=code,
                    message=message,
                    suggestion=suggestion,
                )
            case KeepWatching():
                raise AssertionError("a watch that goes on has no ending")
