"""Take up a buyer's own provider."""

from __future__ import annotations

from collections.abc import Sequence

from services.api.domain.own_provider import MOST_PROVIDERS, NewProvider
from services.api.domain.refusals import InvalidRequest
from services.api.domain.selling import Serving, on_sale
from services.api.handlers.create_offer import Selling, take_up
from shared.contracts.records.offer import OfferRecord
from shared.kernel.ids import new_id
from shared.market.offers import FeeOnly, Offer, OfferStatus
from shared.market.own import Own


async def create_provider(buyer_id: str, new: NewProvider, *, world: Selling) -> OfferRecord:
    """The provider, active when it quoted a price and else unverified with the reason.

    It is kept as an offer to this buyer alone, at no price but the market's fee.  Raises
    :class:`InvalidRequest` for a provider or a model that the market does not know, and for one
    provider too many.
    """
    serving = served(new.provider, new.models, world)
    if len(await world.offers.list_of(buyer_id)) >= MOST_PROVIDERS:
        raise InvalidRequest(f"a buyer has at most {MOST_PROVIDERS} providers; delete one first")
    offer = Offer(
        id=new_id(),
        seller_id=buyer_id,
        provider=new.provider,
        base_url=new.base_url,
        model=serving.quoted,
        terms=FeeOnly(),
        status=OfferStatus.UNVERIFIED,
        key_id=new_id(),
        cap_daily=None,
        max_concurrent=new.max_concurrent,
        own=Own(new.role, serving.models),
    )
    return await take_up(offer, new.api_key, world=world, label=new.label)


def served(provider: str, names: Sequence[str], world: Selling) -> Serving:
    """What ``names`` (none: everything) mean at that provider; raises :class:`InvalidRequest`."""
    rendered = [model.id for model in world.catalogue if model.provider == provider and on_sale(model)]
    if provider not in world.providers or not rendered:
        raise InvalidRequest(f"no model is rendered by {provider!r}", param="provider")
    found = {name: world.catalogue.find(name) for name in names}
    for name, model in found.items():
        if model is None or model.id not in rendered:
            raise InvalidRequest(f"{provider} renders no model {name!r}; GET /v1/models lists them", param="models")
    models = tuple(dict.fromkeys(model.id for model in found.values() if model is not None))
    return Serving(models, models[0] if models else rendered[0])
