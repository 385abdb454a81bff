"""The record of one message's end in this process, for whoever keeps log lines and counts."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from shared.messaging.message import Received


class Outcome(StrEnum):
    """How a message ended here."""

    DONE = "done"
    RETRIED = "retried"
    DEAD = "dead"
    DROPPED = "dropped"
    HANDED_BACK = "handed_back"
    GONE = "gone"  # its channel closed under it; it comes again, here or elsewhere, unless its queue is gone too


@dataclass(frozen=True, slots=True)
class Handled:
    """One message, ended: what came of it, in how many seconds, and the error if one was raised.

    ``failures`` counts this one too; ``said`` is how many messages were published for it.
    """

    queue: str
    received: Received
    outcome: Outcome
    seconds: float
    failures: int
    said: int = 0
    error: BaseException | None = None


Observer: TypeAlias = Callable[[Handled], None]
"""Told of every message once, in the task that handled it; it must not raise."""


def unobserved(_: Handled) -> None:
    """The observer for those who do not care."""
