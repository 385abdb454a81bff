"""Receivers, reached through the guarded way out."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.webhooks.domain.answer import Answer, Answered, NotSent, Unanswered
from services.webhooks.ports import Post
from shared.egress.failures import EgressFailed, Reason
from shared.egress.refusals import UrlNotAllowed
from shared.egress.retry_after import read_retry_after
from shared.egress.session import GuardedSession, Timeouts
from shared.egress.urls import parse_public_url
from shared.kernel.clock import Clock

TIMEOUTS: Final = Timeouts(connect=timedelta(seconds=5), read=timedelta(seconds=15), total=timedelta(seconds=15))
READ_AT_MOST: Final = 16 * 1024
"""Of an answer's body, so that a receiver can finish what it says; nothing of it is kept."""


class GuardedReceiver:
    """See :class:`services.webhooks.ports.Receiver`."""

    def __init__(
        self, session: GuardedSession, clock: Clock, *, allow_private: bool, timeouts: Timeouts = TIMEOUTS
    ) -> None:
        self._session = session
        self._clock = clock
        self._allow_private = allow_private
        self._timeouts = timeouts

    async def post(self, post: Post) -> Answer:
        try:
            url = parse_public_url(post.url, allow_private=self._allow_private)
            async with self._session.request(
                "POST", url, timeouts=self._timeouts, headers=post.headers, body=post.body
            ) as answer:
                await answer.read_capped(READ_AT_MOST)
                return Answered(answer.status, read_retry_after(answer.headers.get("Retry-After"), self._clock.now()))
        except UrlNotAllowed:
            return NotSent("the URL is not allowed", for_good=True)
        except EgressFailed as failure:
            if failure.reason is Reason.UNSENDABLE:
                return NotSent(failure.reason.value, for_good=True)
            return Unanswered(failure.reason.value)
