"""The few requests that starting a stack needs."""

import json
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

# Never through a proxy: everything asked here is on loopback.
_opener = build_opener(ProxyHandler({}))


class Refused(Exception):
    """An answer that is no success, with what its body said."""

    def __init__(self, method: str, url: str, status: int, body: str) -> None:
        super().__init__(f"{method} {url} answered {status}: {body[:500]}")
        self.status = status


def answers(url: str) -> bool:
    """Whether a GET answers 200 within two seconds."""
    try:
        with _opener.open(url, timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False


def call(method: str, url: str, *, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send JSON with a bearer key and return the JSON answered.  Raises ``Refused`` unless it is a 2xx."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = Request(url, data=data, headers=headers, method=method)  # noqa: S310 - our own http URLs
    try:
        with _opener.open(request, timeout=15) as answer:
            decoded: dict[str, Any] = json.load(answer)
            return decoded
    except HTTPError as refusal:
        raise Refused(method, url, refusal.code, refusal.read().decode(errors="replace")) from None
