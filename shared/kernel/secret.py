"""A value that must be asked for out loud: ``reveal()`` is the one way to read it."""

import hmac
from typing import NoReturn, Self

REDACTED = "Secret(***)"


class Secret:
    """Text that no log line, error, trace, JSON document or pickle shows by accident.

    Every rendering is the same few characters, whatever the length of the text.  Two
    secrets are compared in constant time.  There is no hash, so a secret is never a
    key, and copies are the object itself.
    """

    __slots__ = ("_text",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text.  Each call is a place where it could leak: keep them few."""
        return self._text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_comparable(self._text), _comparable(other._text))

    def __repr__(self) -> str:
        return REDACTED

    def __format__(self, spec: str) -> str:
        return REDACTED

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not serialised; seal it in the vault and store the sealed value")


def _comparable(text: str) -> bytes:
    # compare_digest refuses non-ASCII str, and plain UTF-8 refuses lone surrogates.
    return text.encode("utf-8", "surrogatepass")
