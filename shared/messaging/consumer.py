"""The only code that answers for a message: acked, tried again, set aside or handed back.

Each message is worked on in one task of our own, which a lost connection does not touch.  A message
that is redelivered while that task still runs is not handled twice: the task takes the new delivery for
its old one, and answers for that.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

import structlog

from shared.messaging.bus import OnBound, Publisher
from shared.messaging.cancellation import cancelled_from_outside
from shared.messaging.delivery import Delivery
from shared.messaging.failures import HandlerOverran, Unconfirmed
from shared.messaging.hand_over import passed_on
from shared.messaging.handled import Handled, Observer, Outcome
from shared.messaging.message import Handler, Message, Received
from shared.messaging.pause import pause
from shared.messaging.topology import Broadcast, Source
from shared.messaging.verdict import Drop, Retry, is_bug, verdict

_BREATH_SECONDS: Final = 2.0
"""Before a message goes back because not even its retry could be published; else it would spin."""
_SAYINGS: Final = 3
"""How often what came of a lost message is published before it is given up; each waits for a connection too."""

_FAILED: Final = frozenset({Outcome.RETRIED, Outcome.DEAD, Outcome.DROPPED})

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Work:
    """One message being worked on, the delivery to answer for, and its turn among those of its event."""

    received: Received
    delivery: Delivery
    turn: asyncio.Lock


@dataclass(frozen=True, slots=True)
class _End:
    outcome: Outcome
    said: int = 0
    error: BaseException | None = None


class Consumer:
    """Handles the messages of one source in this process."""

    def __init__(
        self,
        source: Source,
        handler: Handler,
        *,
        publisher: Publisher,
        observer: Observer,
        deadline: timedelta | None,
        on_bound: OnBound | None,
    ) -> None:
        self.source = source
        self._handler = handler
        self._publisher = publisher
        self._observer = observer
        self._deadline = deadline
        self._on_bound = on_bound
        self._running: dict[str, _Work] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    def receive(self, delivery: Delivery) -> None:
        """Begin to work on a message.  It is answered for later, whatever happens."""
        running = self._running.get(delivery.copy)
        if running is not None and running.delivery.gone:
            running.delivery = delivery
            return
        received = delivery.received
        turn = asyncio.Lock()
        if received.event_id:
            turn = self._turns.setdefault(received.event_id, turn)
        work = _Work(received, delivery, turn)
        if delivery.copy:
            self._running[delivery.copy] = work
        task = asyncio.create_task(self._work(work))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def bound(self) -> bool:
        """Let the subscriber fill the gap; False when it could not, and binding should be tried again."""
        if self._on_bound is None:
            return True
        try:
            await self._on_bound()
        except Exception:  # whatever it is, it must not end consuming for good
            log.exception("state after binding could not be loaded", queue=self.source.name)
            return False
        return True

    async def stop(self, within: timedelta) -> None:
        """Let what runs end ``within`` that time, then hand the rest back.  Leases go back at once."""
        self._stopping.set()
        if self._deadline is not None and self._tasks:
            await asyncio.wait(self._tasks, timeout=within.total_seconds())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, work: _Work) -> None:
        started = time.monotonic()
        try:
            async with work.turn:
                end = await self._end(work)
        except asyncio.CancelledError:  # by stop, before its turn came or while it was passed on
            end = _End(Outcome.HANDED_BACK)
        await self._answer(work, end.outcome)
        received = work.received
        self._observer(
            Handled(
                queue=self.source.name,
                received=received,
                outcome=end.outcome,
                seconds=time.monotonic() - started,
                failures=received.failures + (end.outcome in _FAILED),
                said=end.said,
                error=end.error,
            )
        )

    async def _end(self, work: _Work) -> _End:
        if work.delivery.gone:
            return _End(Outcome.GONE)
        if self._stopping.is_set():
            return _End(Outcome.HANDED_BACK)
        failure: BaseException
        try:
            return await self._say(work, await self._effect(work.received))
        except asyncio.CancelledError as error:
            if cancelled_from_outside():
                return _End(Outcome.HANDED_BACK)
            failure = error
        except Exception as error:  # noqa: BLE001 - the table of outcomes begins here
            failure = error
        return _End(await self._pass_on(work, failure), error=failure)

    async def _effect(self, received: Received) -> Sequence[Message]:
        if self._deadline is None:
            return await self._handler(received)
        try:
            async with asyncio.timeout(self._deadline.total_seconds()) as limit:
                return await self._handler(received)
        except TimeoutError as error:
            if limit.expired():
                raise HandlerOverran(f"no end after {self._deadline.total_seconds():g} s") from error
            raise

    async def _say(self, work: _Work, said: Sequence[Message]) -> _End:
        """Publish what a handler said, also for a message that is gone: perhaps its queue is, and it never comes again.

        What is said straight to a queue is then left to whoever gets the message next: two would go on with it.
        """
        for _ in range(_SAYINGS):
            lost = work.delivery.gone
            facts = [message for message in said if not (lost and message.queue)]
            try:
                if facts:
                    await self._publisher.publish(*facts)
            except Unconfirmed:
                if not work.delivery.gone:
                    raise
                await pause(_BREATH_SECONDS, unless=self._stopping)
                continue
            if not lost:
                return _End(Outcome.DONE, said=len(facts))
            if work.delivery.gone:
                return _End(Outcome.GONE, said=len(facts))
        return _End(Outcome.GONE if work.delivery.gone else Outcome.HANDED_BACK)

    async def _pass_on(self, work: _Work, error: BaseException) -> Outcome:
        received, source = work.received, self.source
        if is_bug(error):
            log.error("handler failed", queue=source.name, event_id=received.event_id, exc_info=error)
        if work.delivery.gone:
            return Outcome.GONE
        decided = verdict(error, failures=received.failures, source=source)
        if isinstance(decided, Drop) or isinstance(source, Broadcast):
            return Outcome.DROPPED
        try:
            await self._publisher.publish(passed_on(received, source, decided, error))
        except Exception as failed:
            unexpected = failed if is_bug(failed) else None
            log.warning("not passed on", queue=source.name, reason=str(failed), exc_info=unexpected)
            await pause(_BREATH_SECONDS, unless=self._stopping)
            return Outcome.HANDED_BACK
        return Outcome.RETRIED if isinstance(decided, Retry) else Outcome.DEAD

    async def _answer(self, work: _Work, outcome: Outcome) -> None:
        # From here on a redelivery is new work: this one has nothing left to give it.
        if self._running.get(work.delivery.copy) is work:
            del self._running[work.delivery.copy]
        if outcome is Outcome.HANDED_BACK:
            await work.delivery.hand_back()
        elif outcome is not Outcome.GONE:
            await work.delivery.ack()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("observer failed", queue=self.source.name, exc_info=error)
