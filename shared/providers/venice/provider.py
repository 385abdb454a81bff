"""Venice behind the market's words: which endpoint is asked what, and for how long."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from shared.egress.session import GuardedSession, Timeouts
from shared.kernel.clock import Clock
from shared.market.models import Model
from shared.market.parameters import Parameters
from shared.providers.limiter import Limiter
from shared.providers.outcomes import ForgetOutcome, LookOutcome, QuoteOutcome, SubmitOutcome
from shared.providers.provider import Access, Body, Handed
from shared.providers.refusals import Prospect
from shared.providers.venice.cleanup import forget_outcome
from shared.providers.venice.endpoints import ENDPOINTS
from shared.providers.venice.media import open_media
from shared.providers.venice.quotes import quote_outcome
from shared.providers.venice.requests import handed_body, queue_body, quote_body
from shared.providers.venice.verdicts import look_outcome, submit_outcome
from shared.providers.venice.wire import Errand, Wire

# Connecting ends first everywhere: then it is certain that nothing was sent.
_QUOTE: Final = Timeouts(connect=timedelta(seconds=3), read=timedelta(seconds=5), total=timedelta(seconds=5))
_SUBMIT: Final = Timeouts(connect=timedelta(seconds=5), read=timedelta(seconds=50), total=timedelta(seconds=55))
_LOOK: Final = Timeouts(connect=timedelta(seconds=5), read=timedelta(seconds=15), total=timedelta(seconds=20))
_CONNECT: Final = timedelta(seconds=5)
_SILENCE: Final = timedelta(seconds=30)

_PATIENCE: Final = timedelta(seconds=8)
"""How long what is not in a hurry waits for its turn under the key's limit."""


class Venice:
    """A :class:`~shared.providers.provider.Provider` that speaks Venice's queue API."""

    def __init__(self, session: GuardedSession, clock: Clock, allow_private: bool) -> None:
        self._clock = clock
        self._wire = Wire(session, Limiter(clock), clock, allow_private=allow_private)

    async def quote(self, access: Access, model: Model, parameters: Parameters) -> QuoteOutcome:
        """Ask ``/quote``; the key is sent along, though Venice does not look at it there."""
        path = ENDPOINTS[model.kind].quote
        reply = await self._wire.ask(access, Errand(path, quote_body(model, parameters), _QUOTE))
        return quote_outcome(reply, access.api_key)

    async def submit(self, access: Access, model: Model, parameters: Parameters) -> SubmitOutcome:
        """Post to ``/queue`` once.  Short of budget it is refused without a call, not delayed."""
        path = ENDPOINTS[model.kind].queue
        reply = await self._wire.ask(access, Errand(path, queue_body(model, parameters), _SUBMIT))
        return submit_outcome(reply, access.api_key)

    async def look(self, access: Access, handed: Handed, prospect: Prospect = Prospect.UNSEEN) -> LookOutcome:
        """Ask ``/retrieve`` and close the connection when media begins."""
        endpoints = ENDPOINTS[handed.kind]
        errand = Errand(endpoints.retrieve, handed_body(handed), _LOOK, prospect=prospect)
        reply = await self._wire.ask(access, errand, leave=endpoints.are_media)
        return look_outcome(reply, endpoints, access.api_key)

    @asynccontextmanager
    async def fetch(self, access: Access, handed: Handed, *, within: timedelta) -> AsyncIterator[Body]:
        """Ask ``/retrieve`` and hand its body on as it comes."""
        endpoints = ENDPOINTS[handed.kind]
        timeouts = Timeouts(connect=min(_CONNECT, within), read=_SILENCE, total=within)
        errand = Errand(endpoints.retrieve, handed_body(handed), timeouts, min(_PATIENCE, within), Prospect.FINISHED)
        async with self._wire.open(access, errand) as reply:
            yield await open_media(reply, endpoints, access.api_key, self._clock)

    async def forget(self, access: Access, handed: Handed) -> ForgetOutcome:
        """Post to ``/complete``."""
        errand = Errand(ENDPOINTS[handed.kind].complete, handed_body(handed), _LOOK, _PATIENCE, Prospect.FINISHED)
        return forget_outcome(await self._wire.ask(access, errand), access.api_key)
