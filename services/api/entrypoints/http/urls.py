"""URLs that strangers give us to call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.api.domain.refusals import InvalidRequest, Refusal, ServiceUnavailable
from services.api.entrypoints.http.refusals import WebhookUrlNotAllowed
from shared.egress.names import Names, check_resolves
from shared.egress.refusals import Refusal as Why
from shared.egress.refusals import UrlNotAllowed
from shared.egress.urls import CheckedUrl, parse_base_url, parse_public_url

LOOKED_UP_WITHIN: Final = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Urls:
    """Checks them when they come in; the socket checks again."""

    names: Names
    allow_private: bool

    async def webhook(self, text: str, *, param: str = "webhook_url") -> str:
        """The URL in canonical spelling; raises ``webhook_url_not_allowed``."""
        try:
            url = parse_public_url(text, allow_private=self.allow_private)
            await self._check_resolves(url)
        except UrlNotAllowed as error:
            raise _told(error, WebhookUrlNotAllowed(error.message, param)) from None
        return url.text

    async def base(self, text: str) -> str:
        """A seller's base URL in canonical spelling; raises ``invalid_request``."""
        try:
            url = parse_base_url(text, allow_private=self.allow_private)
            await self._check_resolves(url)
        except UrlNotAllowed as error:
            raise _told(error, InvalidRequest(error.message, param="base_url")) from None
        return url.text

    async def _check_resolves(self, url: CheckedUrl) -> None:
        await check_resolves(url, names=self.names, allow_private=self.allow_private, within=LOOKED_UP_WITHIN)


def _told(error: UrlNotAllowed, refusal: Refusal) -> Refusal:
    """A name server that did not answer says nothing about the URL: the same request may work later."""
    return ServiceUnavailable() if error.refusal is Why.DNS_UNAVAILABLE else refusal
