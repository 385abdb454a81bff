"""Taking secrets out of what is about to be written down, by the name of a field and by the look of a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = "***"

_NAMES: Final = re.compile(
    r"authorization|api_?key$|token$|secret|signature|cookie|password|credential|vault_keys", re.IGNORECASE
)
_VALUES: Final = re.compile(
    r"""
      (?:inf|sel|mjt|whsec|sim)_[A-Za-z0-9+/=_-]{8,}   # our own keys, tokens and secrets
    | (?:AKIA|ASIA)[A-Z0-9]{16}                        # AWS key ids
    | (?<=X-Amz-Signature=)[0-9a-f]+                   # presigned URLs
    | (?<=Bearer\ )[^\s"',]+
    | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)                  # user and password in a URL
    """,
    re.VERBOSE,
)


def redacted(value: Any) -> Any:
    """The same structure with every secret replaced; what needs no change comes back as it is."""
    if isinstance(value, str):
        return _VALUES.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {key: HIDDEN if _names_a_secret(key) else redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(item) for item in value]
    return value


def _names_a_secret(key: object) -> bool:
    return isinstance(key, str) and _NAMES.search(key) is not None
