"""The headers of our own, which carry what the broker's fields lose on the way."""

import re
from collections.abc import Mapping
from typing import Final

from shared.messaging.message import Message, Received

EVENT_ID: Final = "event-id"
ROUTING_KEY: Final = "routing-key"
FAILURES: Final = "failures"
REASON: Final = "dead-reason"
CODE: Final = "dead-code"
ERROR: Final = "dead-error"

_OURS: Final = frozenset({EVENT_ID, ROUTING_KEY, FAILURES, REASON, CODE, ERROR})
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


def travelling(message: Message) -> dict[str, str]:
    """The headers that ``message`` is published with."""
    ours = {EVENT_ID: message.event_id}
    if message.queue is not None:
        ours[ROUTING_KEY] = message.routing_key
    return {**message.headers, **ours}


def arrived(
    found: Mapping[str, object], *, routing_key: str, body: bytes, content_type: str, redelivered: bool
) -> Received:
    """The message that its handler sees, from what the broker delivered."""
    return Received(
        routing_key=text(found, ROUTING_KEY) or routing_key,
        body=body,
        event_id=text(found, EVENT_ID),
        content_type=content_type,
        headers=foreign(found),
        redelivered=redelivered,
        failures=failures(found),
    )


def foreign(found: Mapping[str, object]) -> dict[str, str]:
    """The headers that belong to whoever said the message: text, and neither ours nor the broker's."""
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, str) and name not in _OURS and not name.startswith("x-")
    }


def failures(found: Mapping[str, object]) -> int:
    """How often a handler failed on the message; what is no such number counts as none."""
    value = text(found, FAILURES)
    return int(value) if _NUMBER.fullmatch(value) else 0


def text(found: Mapping[str, object], name: str) -> str:
    """That header if it is text, else nothing."""
    value = found.get(name)
    return value if isinstance(value, str) else ""
