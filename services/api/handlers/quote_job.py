"""Say what a job would cost now.  Nothing is held and nothing is stored."""

from collections.abc import Mapping

from services.api.domain.estimate import Quote, demanded, quote
from services.api.domain.refusals import ModelNotFound
from shared.kernel.clock import Clock
from shared.market.book import OrderBook
from shared.market.catalogue import Catalogue
from shared.market.discount import Floor
from shared.market.kinds import Kind
from shared.market.parameters import Parameters, settled


def quote_job(
    buyer_id: str,
    parameters: Parameters,
    floor: Floor | None,
    *,
    catalogue: Catalogue,
    kinds: Mapping[str, Kind],
    book: OrderBook,
    clock: Clock,
    fee_bps: int,
) -> Quote:
    """The estimate and every candidate; raises ``ModelNotFound`` or ``ParameterRefused``."""
    model = catalogue.find(parameters.model)
    if model is None:
        raise ModelNotFound(parameters.model)
    demand = demanded(settled(parameters, model), model, floor, fee_bps)
    at = clock.now()
    ends_at = at + kinds[model.kind].expires_after
    return quote(book.shelf(model.id), book.own(buyer_id), demand, at, ends_at=ends_at)
