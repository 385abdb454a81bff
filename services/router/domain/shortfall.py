"""The sentence for a job that no offer could take."""

from __future__ import annotations

from services.router.domain.order import Order
from shared.market.discount import discount_percent
from shared.market.selection import NoMatch, Shortfall


def words_for(nobody: NoMatch, order: Order) -> str:
    """Why nobody could take the job, in words for its buyer."""
    if nobody.shortfall is Shortfall.NO_HEALTHY_SELLERS or nobody.best_cost is None:
        return "no healthy offer can take the job"
    best = discount_percent(nobody.best_cost, order.reference)
    offered = f"the best on offer is {best} %" if best is not None else f"the best costs {nobody.best_cost.usd()}"
    if order.minimum_discount is None:
        return f"no healthy offer costs at most {order.max_cost.usd()}; {offered}"
    return f"no healthy offer gives {order.minimum_discount} % and costs at most {order.max_cost.usd()}; {offered}"
