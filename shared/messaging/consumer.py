"""The only code that answers for a message: acked, tried again, set aside or handed back.

Each message is worked on in one task of our own, which a lost connection does not touch.  A message
that is redelivered while that task still runs is not handled twice: the task takes the new delivery for
its old one, and answers for that.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

import structlog

from shared.messaging.bus import OnBound, Publisher
from shared.messaging.delivery import Delivery
from shared.messaging.failures import HandlerOverran
from shared.messaging.hand_over import to_dead_letters, to_retry
from shared.messaging.handled import Handled, Observer, Outcome
from shared.messaging.message import Handler, Message, Received
from shared.messaging.pause import pause
from shared.messaging.topology import Queue, Source
from shared.messaging.verdict import Bury, Drop, Retry, is_bug, verdict

_BREATH_SECONDS: Final = 2.0
"""Before a message goes back because not even its retry could be published; else it would spin."""

log = structlog.get_logger(__name__)


class _Work:
    """One message being worked on, and the delivery that will be answered for it."""

    __slots__ = ("delivery", "turn")

    def __init__(self, delivery: Delivery, turn: asyncio.Lock) -> None:
        self.delivery = delivery
        self.turn = turn


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
        event_id = delivery.received.event_id
        turn = self._turns.setdefault(event_id, asyncio.Lock()) if event_id else asyncio.Lock()
        work = _Work(delivery, turn)
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
        received = work.delivery.received
        try:
            async with work.turn:
                handled = await self._handle(work, received)
        except asyncio.CancelledError:  # by stop, before its turn came
            await work.delivery.hand_back()
            handled = Handled(self.source.name, received, Outcome.HANDED_BACK, 0.0, received.failures)
        finally:
            if self._running.get(work.delivery.copy) is work:
                del self._running[work.delivery.copy]
        self._observer(handled)

    async def _handle(self, work: _Work, received: Received) -> Handled:
        started = time.monotonic()
        said: Sequence[Message] = ()
        error: BaseException | None = None
        outcome = Outcome.HANDED_BACK
        try:
            if not self._stopping.is_set():
                said = await self._effect(received)
                outcome = await self._say_and_ack(work, said)
        except asyncio.CancelledError as cancelled:
            error = cancelled
        except Exception as raised:  # noqa: BLE001 - the table of outcomes begins here
            error = raised
        if error is not None:
            outcome = await self._answer_for(work, received, error)
        elif outcome is Outcome.HANDED_BACK:
            await work.delivery.hand_back()
        failed = int(outcome in {Outcome.RETRIED, Outcome.DEAD, Outcome.DROPPED})
        return Handled(
            queue=self.source.name,
            received=received,
            outcome=outcome,
            seconds=time.monotonic() - started,
            failures=received.failures + failed,
            said=len(said) if outcome is Outcome.DONE else 0,
            error=error,
        )

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

    async def _say_and_ack(self, work: _Work, said: Sequence[Message]) -> Outcome:
        if work.delivery.gone:
            return Outcome.GONE
        if said:
            await self._publisher.publish(*said)
        await work.delivery.ack()
        return Outcome.DONE

    async def _answer_for(self, work: _Work, received: Received, error: BaseException) -> Outcome:
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            await work.delivery.hand_back()
            return Outcome.HANDED_BACK
        if is_bug(error):
            log.error("handler failed", queue=self.source.name, event_id=received.event_id, exc_info=error)
        if work.delivery.gone:
            return Outcome.GONE
        return await self._pass_on(work, received, error)

    async def _pass_on(self, work: _Work, received: Received, error: BaseException) -> Outcome:
        decided = verdict(error, failures=received.failures, source=self.source)
        if isinstance(decided, Drop) or not isinstance(self.source, Queue):
            await work.delivery.ack()
            return Outcome.DROPPED
        outcome = Outcome.DEAD if isinstance(decided, Bury) else Outcome.RETRIED
        try:
            await self._publisher.publish(_passed_on(received, self.source, decided, error))
        except Exception:  # it is still ours to answer for
            log.warning("message could not be passed on", queue=self.source.name, exc_info=True)
            outcome = Outcome.HANDED_BACK
            await pause(_BREATH_SECONDS, unless=self._stopping)
        except asyncio.CancelledError:
            outcome = Outcome.HANDED_BACK
        if outcome is Outcome.HANDED_BACK:
            await work.delivery.hand_back()
        else:
            await work.delivery.ack()
        return outcome

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("observer failed", queue=self.source.name, exc_info=error)


def _passed_on(received: Received, queue: Queue, decided: Retry | Bury, error: BaseException) -> Message:
    if isinstance(decided, Retry):
        return to_retry(received, queue, decided.delay)
    return to_dead_letters(received, queue, decided, error)
