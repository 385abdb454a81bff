"""The providers we speak to.  A new one is a module beside these and a line here."""

from collections.abc import Callable, Mapping
from typing import Final

from shared.egress.session import GuardedSession
from shared.kernel.clock import Clock
from shared.providers.provider import Provider
from shared.providers.venice.provider import Venice

_MAKERS: Final[Mapping[str, Callable[[GuardedSession, Clock, bool], Provider]]] = {"venice": Venice}

PROVIDERS: Final = frozenset(_MAKERS)
"""The names an offer may give as its provider."""


def open_providers(session: GuardedSession, clock: Clock, *, allow_private: bool) -> Mapping[str, Provider]:
    """Every provider by name, all speaking through ``session``, which stays its caller's to close.

    Open the session without ``keep_alive`` where jobs are submitted: a connection that
    breaks as it is used again leaves a submit unknown.  ``allow_private`` is what the
    session was opened with.
    """
    return {name: make(session, clock, allow_private) for name, make in _MAKERS.items()}
