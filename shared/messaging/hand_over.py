"""A failed message as it is passed on: to wait for its next try, or to be set aside."""

from datetime import timedelta

from shared.messaging import headers
from shared.messaging.message import Message, Received
from shared.messaging.topology import Queue
from shared.messaging.verdict import Bury


def to_retry(received: Received, queue: Queue, delay: timedelta) -> Message:
    """The message on its way to the retry queue of that delay, with one more failure."""
    return _straight(received, queue.retry(delay), {headers.FAILURES: str(received.failures + 1)})


def to_dead_letters(received: Received, queue: Queue, bury: Bury, error: BaseException) -> Message:
    """The message on its way to the dead letters, its body untouched.

    Of the error only the type travels: its text may hold what must not leave the process.
    """
    why = {
        headers.FAILURES: str(received.failures + 1),
        headers.REASON: bury.reason.value,
        headers.ERROR: type(error).__name__,
    }
    return _straight(received, queue.dead, why | ({headers.CODE: bury.code} if bury.code else {}))


def _straight(received: Received, queue: str, more: dict[str, str]) -> Message:
    return Message(
        routing_key=received.routing_key,
        body=received.body,
        event_id=received.event_id,
        content_type=received.content_type,
        headers={**received.headers, **more},
        queue=queue,
    )
