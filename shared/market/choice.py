"""Whom a job is given to: the buyer's own priority providers, then the market, then the buyer's fallback providers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from shared.market.models import Model
from shared.market.offers import Offer
from shared.market.own import OwnRole
from shared.market.selection import Candidate, Demand, Match, NoMatch, Seen, as_told, judge, select, waits_until
from shared.market.shelf import Pair, Shelf, rank


def choose(shelf: Shelf, own: Sequence[Pair], demand: Demand, at: datetime, seen: Seen = as_told) -> Match | NoMatch:
    """Whose turn it is.  ``own`` are the buyer's providers, to which the demand's floor does not apply.

    A paused provider of the buyer's is passed over, and waited for only when nobody else is left.
    """
    mine = own_candidates(own, demand, at, seen)
    if (first := _first(mine, OwnRole.PRIORITY)) is not None:
        return first
    found = select(shelf, demand, at, seen)
    if isinstance(found, Match):
        return found
    return _first(mine, OwnRole.FALLBACK) or _waiting(found, mine, at)


def is_for(offer: Offer, model: Model) -> bool:
    """Whether a buyer's own provider renders that model, and is meant to."""
    return offer.own is not None and offer.provider == model.provider and offer.own.serves(model)


def own_candidates(own: Iterable[Pair], demand: Demand, at: datetime, seen: Seen = as_told) -> list[Candidate]:
    """The buyer's providers that are for the model, the one to be asked first in front."""
    free = replace(demand, floor=None)
    judged = [judge(offer, seen(standing, at), free, at) for offer, standing in own if is_for(offer, demand.model)]
    return sorted(judged, key=lambda candidate: rank(candidate.standing))


def role_of(candidate: Candidate) -> OwnRole | None:
    """Which of the buyer's providers it is, if it is one."""
    return None if candidate.offer.own is None else candidate.offer.own.role


def _first(mine: Iterable[Candidate], role: OwnRole) -> Match | None:
    able = (candidate for candidate in mine if candidate.eligible and role_of(candidate) is role)
    return next((Match(each.offer, each.cost) for each in able if each.cost is not None), None)


def _waiting(nobody: NoMatch, mine: Iterable[Candidate], at: datetime) -> NoMatch:
    """The same, waiting also for the buyer's providers that are only paused or busy."""
    pauses = [waits_until(each.reason, each.standing, at) for each in mine if each.reason is not None]
    ends = [until for until in (nobody.waits_until, *pauses) if until is not None]
    return replace(nobody, waits_until=min(ends, default=None))
