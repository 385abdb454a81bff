"""What callers write behind the question mark: each kind of parameter with how it is read and described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from services.api.domain.refusals import InvalidRequest
from shared.kernel.ids import is_id


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``least`` to ``most``."""

    name: str
    about: str
    default: int
    least: int
    most: int

    def read(self, query: Mapping[str, str]) -> int:
        """The number; raises ``invalid_request`` for anything else."""
        found = query.get(self.name)
        if found is None:
            return self.default
        plain = found.isascii() and found.isdigit() and len(found) <= len(str(self.most))
        if not plain or not self.least <= int(found) <= self.most:
            raise InvalidRequest(f"{self.name} is a whole number from {self.least} to {self.most}", param=self.name)
        return int(found)

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema has it."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most, "default": self.default}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of ``words``."""

    name: str
    about: str
    words: Sequence[str]

    def read(self, query: Mapping[str, str]) -> str | None:
        """The word, or None where nothing is said; raises ``invalid_request`` for anything else."""
        found = query.get(self.name)
        if found is not None and found not in self.words:
            raise InvalidRequest(f"{self.name} is one of {', '.join(self.words)}", param=self.name)
        return found

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema has it."""
        return {"type": "string", "enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class AnId:
    """An id of ours."""

    name: str
    about: str

    def read(self, query: Mapping[str, str]) -> str | None:
        """The id, or None where nothing is said; raises ``invalid_request`` for what cannot be one."""
        found = query.get(self.name)
        if found is not None and not is_id(found):
            raise InvalidRequest(f"{self.name} is an id of ours", param=self.name)
        return found

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema has it."""
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Text:
    """Some ASCII text of at most ``most`` characters."""

    name: str
    about: str
    most: int

    def read(self, query: Mapping[str, str]) -> str | None:
        """The text, or None where nothing is said; raises ``invalid_request`` for anything longer or else."""
        found = query.get(self.name)
        if found is not None and not (found.isascii() and len(found) <= self.most):
            raise InvalidRequest(f"{self.name} is an id of ours", param=self.name)
        return found

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema has it."""
        return {"type": "string", "pattern": r"^[\x00-\x7f]*$", "maxLength": self.most}


Parameter: TypeAlias = Whole | Choice | AnId | Text

LIMIT: Final = Whole("limit", "How many a page has at most.", default=20, least=1, most=100)
"""Of everything that comes in pages."""
AFTER: Final = "The last_id of the page before."
