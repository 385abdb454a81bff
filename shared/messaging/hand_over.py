"""A failed message as it is passed on: to wait for its next try, or to be set aside."""

from shared.messaging import headers
from shared.messaging.message import Message, Received
from shared.messaging.topology import Queue
from shared.messaging.verdict import Bury, Retry


def passed_on(received: Received, queue: Queue, decided: Retry | Bury, error: BaseException) -> Message:
    """The message on its way to a retry queue or to the dead letters: one more failure, body untouched.

    Of the error only the type travels: its text may hold what must not leave the process.
    """
    if isinstance(decided, Retry):
        target, why = queue.retry(decided.delay), {}
    else:
        target, why = queue.dead, _reasons(decided, error)
    return Message(
        routing_key=received.routing_key,
        body=received.body,
        event_id=received.event_id,
        content_type=received.content_type,
        headers={**received.headers, headers.FAILURES: str(received.failures + 1), **why},
        queue=target,
    )


def _reasons(bury: Bury, error: BaseException) -> dict[str, str]:
    reasons = {headers.REASON: bury.reason.value, headers.ERROR: type(error).__name__}
    return reasons | ({headers.CODE: bury.code} if bury.code else {})
