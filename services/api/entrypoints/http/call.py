"""What a route's function is called with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol, TypeAlias

from aiohttp import web

from services.api.domain.api_key import Principal
from services.api.domain.reader import ByKey, ByToken, Reader
from services.api.domain.refusals import JobNotFound, NotFound, OfferNotFound
from services.api.entrypoints.http.headers import Header
from services.api.entrypoints.http.minimum import FLOOR
from services.api.entrypoints.http.queries import Parameter
from services.api.entrypoints.http.strict_json import Body
from services.api.entrypoints.http.world import World
from shared.kernel.ids import is_id
from shared.market.discount import Floor


class Who(Enum):
    """Who may call a route."""

    PUBLIC = auto()
    BUYER = auto()
    BUYER_OR_TOKEN = auto()
    """The buyer whose job it is, or whoever has the job's token."""
    SELLER = auto()
    ADMIN = auto()


Caller: TypeAlias = Principal | ByToken | None
"""None where no account stands behind the call: the public and the operator."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request by a caller who may make it."""

    request: web.Request
    world: World
    caller: Caller

    @property
    def account_id(self) -> str:
        """Whose key it is, on routes that take nothing but a key."""
        assert isinstance(self.caller, Principal)
        return self.caller.account_id

    @property
    def reader(self) -> Reader:
        """By what right a job is asked for."""
        return self.caller if isinstance(self.caller, ByToken) else ByKey(self.account_id)

    @property
    def floor(self) -> Floor | None:
        """The minimum discount in the path."""
        floor: Floor | None = self.request[FLOOR]
        return floor

    @property
    def job_id(self) -> str:
        """The job in the path; what cannot be an id is no job."""
        return self._id("job_id", JobNotFound())

    @property
    def offer_id(self) -> str:
        """The offer in the path; what cannot be an id is no offer."""
        return self._id("offer_id", OfferNotFound())

    def id_of(self, what: str) -> str:
        """The id in the path under ``<what>_id``."""
        return self._id(f"{what}_id", NotFound(what))

    def _id(self, name: str, refusal: Exception) -> str:
        text = self.request.match_info[name]
        if not is_id(text):
            raise refusal
        return text


class Serve(Protocol):
    """What answers: a function named and described after what it does."""

    __name__: str

    async def __call__(self, call: Call, /) -> web.StreamResponse: ...


@dataclass(frozen=True, slots=True)
class Media:
    """An answer of these content types rather than JSON."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table: what is served, to whom, and for the documents what is said on both sides.

    ``minimum``: the path also answers under ``/min{N}``.  A success has ``status`` (or one of ``also``), carries
    ``says`` and is of the type ``answer``; without one it has no content.  ``refuses`` are the codes of errors that
    do not follow from the rest of the row.
    """

    method: str
    path: str
    serve: Serve
    who: Who
    minimum: bool = False
    query: tuple[Parameter, ...] = ()
    headers: tuple[Header, ...] = ()
    body: type[Body] | None = None
    status: int = 200
    also: tuple[int, ...] = ()
    says: tuple[Header, ...] = ()
    answer: Any = None
    refuses: tuple[str, ...] = ()
