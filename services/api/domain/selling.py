"""What a seller offers or a buyer brings, and how it changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from shared.contracts.records.offer import OfferRecord
from shared.kernel.money import Money
from shared.kernel.secret import Secret
from shared.market.models import Model
from shared.market.offers import Offer, OfferStatus, Terms
from shared.market.own import Own, OwnRole
from shared.market.parameters import Parameters
from shared.providers.outcomes import Quoted, QuoteOutcome

DEFAULT_CONCURRENT: Final = 100
MOST_CONCURRENT: Final = 1000
_WORDS: Final = "A short and quiet tune. "


@dataclass(frozen=True, slots=True)
class NewOffer:
    """What a seller enters, not checked yet."""

    provider: str
    base_url: str
    api_key: Secret = field(repr=False)
    model: str
    terms: Terms
    cap_daily: Money | None = None
    max_concurrent: int = DEFAULT_CONCURRENT


@dataclass(frozen=True, slots=True)
class Cap:
    """A daily cap, or that there is none."""

    daily: Money | None


@dataclass(frozen=True, slots=True)
class Label:
    """What a buyer calls a provider of its own, or that it has no name."""

    text: str | None


@dataclass(frozen=True, slots=True)
class Serving:
    """The ``models`` that a buyer's own provider is for (none: all), and the one that it is ``quoted`` for."""

    models: tuple[str, ...]
    quoted: str


@dataclass(frozen=True, slots=True)
class OwnChange:
    """What a buyer changes of a provider of its own; None leaves a thing as it is."""

    role: OwnRole | None = None
    serving: Serving | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class OfferChange:
    """What the owner of the key changes; None leaves a thing as it is."""

    terms: Terms | None = None
    cap: Cap | None = None
    max_concurrent: int | None = None
    base_url: str | None = None
    api_key: Secret | None = field(default=None, repr=False)
    own: OwnChange | None = None
    """Only of a buyer's own provider."""


def on_sale(model: Model) -> bool:
    """Whether its jobs can be ordered: they are of the one kind that orders have words for."""
    return model.kind == Parameters.KIND


def default_request(model: Model) -> Parameters:
    """The most ordinary job for a model that is on sale, within all its limits: what it is quoted and compared by."""
    least, most = model.min_prompt_length, model.prompt_limit
    words = _WORDS * (least // len(_WORDS) + 1)
    return Parameters(
        model=model.id,
        prompt=words[: min(most, max(least, len(_WORDS.strip())))].strip().ljust(least, "."),
        duration_seconds=model.default_duration if model.default_duration is not None else model.min_duration,
        lyrics_prompt=_WORDS[: model.lyrics_limit].strip() if model.lyrics_required else None,
    )


def changed(record: OfferRecord, change: OfferChange) -> OfferRecord:
    """The next revision of an offer, its key aside."""
    offer = record.offer if change.own is None else _own_changed(record.offer, change.own)
    label = None if change.own is None else change.own.label
    return replace(
        record,
        revision=record.revision + 1,
        label=record.label if label is None else label.text,
        offer=replace(
            offer,
            terms=change.terms or offer.terms,
            cap_daily=offer.cap_daily if change.cap is None else change.cap.daily,
            max_concurrent=change.max_concurrent or offer.max_concurrent,
            base_url=change.base_url or offer.base_url,
        ),
    )


def _own_changed(offer: Offer, change: OwnChange) -> Offer:
    assert offer.own is not None
    serving = change.serving or Serving(offer.own.models, offer.model)
    return replace(offer, model=serving.quoted, own=Own(change.role or offer.own.role, serving.models))


def vouched(record: OfferRecord, outcome: QuoteOutcome) -> OfferRecord:
    """The offer as its provider's answer to a quote leaves it: active, or unverified and why."""
    if isinstance(outcome, Quoted):
        return replace(record, reason=None, offer=replace(record.offer, status=OfferStatus.ACTIVE))
    return replace(record, reason=outcome.reason, offer=replace(record.offer, status=OfferStatus.UNVERIFIED))


def withdrawn(record: OfferRecord) -> OfferRecord:
    """The next revision of an offer that nobody will be routed to any more."""
    offer = replace(record.offer, status=OfferStatus.WITHDRAWN)
    return replace(record, revision=record.revision + 1, reason=None, offer=offer)
