"""Ask a provider for its list, and take over what it says once that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from deploy.catalogue.difference import compare
from deploy.catalogue.file import read, replace
from deploy.catalogue.words import lines_of
from shared.egress.names import SystemNames
from shared.egress.session import open_guarded_session
from shared.kernel.secret import Secret
from shared.market.kinds import MUSIC
from shared.providers.limiter import Limiter
from shared.providers.provider import Access
from shared.providers.venice.listing import Published, Unclear, list_models
from shared.providers.venice.wire import Wire
from shared.runtime.clock import SystemClock

PROVIDER = "venice"


class NotGone(Exception):
    """A model that was to be removed is still listed, or was never in the catalogue."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for."""

    base_url: str
    api_key: Secret = field(repr=False)
    file: Path
    remove: frozenset[str]
    apply: bool
    allow_private: bool


async def refresh(wanted: Wanted, say: Callable[[str], None]) -> None:
    """Say what differs, and write it into the file with ``apply``.

    Raises :class:`NotGone`, and what reading, asking and writing raise; then nothing is written.
    """
    known = list(read(wanted.file))
    difference = compare(known, await _listed(wanted), provider=PROVIDER, kind=MUSIC.name)
    if unknown := wanted.remove - {model.id for model in difference.gone}:
        raise NotGone(f"--remove {min(unknown)}: only a model that is no longer listed can be removed")
    for line in lines_of(difference, wanted.remove):
        say(line)
    models = [model for model in difference.models if model.id not in wanted.remove]
    if models == known:
        say(f"nothing to take over; {wanted.file} stays as it is")
    elif wanted.apply:
        replace(wanted.file, models)
        say(f"{wanted.file} is written; start api and router anew, one after the other")
    else:
        say(f"nothing is written; --apply takes this over into {wanted.file}")


async def _listed(wanted: Wanted) -> list[Published | Unclear]:
    clock = SystemClock()
    with closing(SystemNames()) as names:
        async with open_guarded_session(names, allow_private=wanted.allow_private) as session:
            wire = Wire(session, Limiter(clock), clock, allow_private=wanted.allow_private)
            return await list_models(wire, Access(wanted.base_url, wanted.api_key), MUSIC.name)
