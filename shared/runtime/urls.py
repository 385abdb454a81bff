"""Whether what a setting holds can be an address at all; whether anybody is there shows later."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

HTTP: Final = frozenset({"http", "https"})
AMQP: Final = frozenset({"amqp", "amqps"})


def names_a_host(text: str, schemes: Collection[str]) -> bool:
    """Whether it is a URL of one of ``schemes`` with a host, and a port that exists if it says one."""
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_base(text: str) -> bool:
    """Whether paths can be put after it: an HTTP address without query and fragment."""
    return names_a_host(text, HTTP) and not set("?#") & set(text)
