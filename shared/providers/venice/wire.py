"""One request to Venice at a time: paced, sent once, and answered by a value whatever happens."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

from shared.egress.answer import Answer
from shared.egress.failures import EgressFailed, Reason
from shared.egress.refusals import UrlNotAllowed
from shared.egress.session import GuardedSession, Timeouts
from shared.egress.urls import parse_base_url
from shared.kernel.clock import Clock
from shared.providers.limiter import Limiter, fingerprint
from shared.providers.provider import Access
from shared.providers.rate_headers import Allowance, read_allowance
from shared.providers.refusals import Prospect
from shared.providers.venice.replies import (
    JSON_LIMIT,
    Heard,
    Held,
    Lost,
    NeverSent,
    Reply,
    Unreadable,
    Unsendable,
    read_json,
)

_NO_ENCODING: Final = frozenset({"", "identity"})

Unanswered: TypeAlias = NeverSent | Lost | Held | Unsendable


@dataclass(frozen=True, slots=True)
class Errand:
    """One request: where to, what with, how long it and the wait for its turn may take, and what is expected of it."""

    path: str
    body: dict[str, Any] | None
    """What is posted; None asks with GET."""
    timeouts: Timeouts
    patience: timedelta = timedelta(0)
    prospect: Prospect = Prospect.ORDERED


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer of which only the headers were read."""

    answer: Answer
    allowance: Allowance

    @property
    def plain(self) -> bool:
        """Whether the body comes as it is, as was asked for, and not compressed."""
        return self.answer.headers.get("Content-Encoding", "").strip().lower() in _NO_ENCODING

    async def data(self) -> Any | Unreadable:
        """Read the body as JSON."""
        if not self.plain:
            return Unreadable.DATA
        try:
            body = await self.answer.read_capped(JSON_LIMIT)
        except EgressFailed:
            return Unreadable.DATA
        return read_json(body.data) if body.whole else Unreadable.DATA


class Wire:
    """Requests through one guarded session, within the budgets of one limiter."""

    def __init__(self, session: GuardedSession, limiter: Limiter, clock: Clock, *, allow_private: bool) -> None:
        self._session = session
        self._limiter = limiter
        self._clock = clock
        self._allow_private = allow_private

    async def ask(
        self, access: Access, errand: Errand, *, leave: Callable[[str], bool] = lambda content_type: False
    ) -> Reply:
        """Send and read the answer's JSON.  The body of a content type to ``leave`` is not read at all."""
        async with self.open(access, errand) as opened:
            if not isinstance(opened, Opened):
                return opened
            answer = opened.answer
            data = Unreadable.DATA if leave(answer.content_type) else await opened.data()
            return Heard(answer.status, answer.content_type, data, opened.allowance)

    @asynccontextmanager
    async def open(self, access: Access, errand: Errand) -> AsyncIterator[Opened | Unanswered]:
        """Send and give the answer to be read by the caller, or the reason why there is none."""
        key = fingerprint(access)
        short = await self._limiter.turn(key, errand.patience, errand.prospect)
        if short is not None:
            yield Held(short)
            return
        async with AsyncExitStack() as exchange:
            outcome: Opened | Unanswered
            try:
                with self._limiter.sending(key, errand.prospect) as heard:
                    answer = await exchange.enter_async_context(self._request(access, errand))
                    allowance = read_allowance(answer.headers, self._clock.now())
                    heard(answer.status, allowance)
                outcome = Opened(answer, allowance)
            except UrlNotAllowed as refused:
                outcome = NeverSent(f"the base URL is not allowed: {refused.message}")
            except EgressFailed as failed:
                outcome = _unanswered(failed.reason)
            yield outcome

    def _request(self, access: Access, errand: Errand) -> AbstractAsyncContextManager[Answer]:
        headers = {"Authorization": f"Bearer {access.api_key.reveal()}"}
        posted = None if errand.body is None else json.dumps(errand.body).encode("ascii")
        return self._session.request(
            "GET" if posted is None else "POST",
            parse_base_url(access.base_url, allow_private=self._allow_private).at(errand.path),
            timeouts=errand.timeouts,
            headers=headers if posted is None else headers | {"Content-Type": "application/json"},
            body=posted,
        )


def _unanswered(reason: Reason) -> Unanswered:
    if reason is Reason.UNSENDABLE:
        return Unsendable()
    words = reason.value.replace("_", " ")
    return Lost(words) if reason.can_have_been_sent else NeverSent(words)
