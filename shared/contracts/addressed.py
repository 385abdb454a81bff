"""A fact said to one service alone, past everyone else who hears it."""

from dataclasses import dataclass

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class Addressed:
    """``event`` for the shared queue of ``service``: a lease renewed, a watch resumed."""

    event: Event
    service: str


def queue_name(service: str) -> str:
    """The shared queue of a service."""
    return f"busker.{service}"
