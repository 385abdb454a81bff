"""Show the movements of an account's money."""

from __future__ import annotations

from services.api.domain.ledger_page import Earnings, LedgerPage
from services.api.domain.refusals import InvalidRequest
from services.api.ports import Ledger, Side


async def read_ledger(buyer_id: str, *, limit: int, after: str | None = None, ledger: Ledger) -> LedgerPage:
    """At most ``limit`` entries about the buyer's money, older than the entry ``after``."""
    return await _page("buyer_id", buyer_id, limit, after, ledger)


async def read_earnings(seller_id: str, *, limit: int, after: str | None = None, ledger: Ledger) -> Earnings:
    """What the seller earned in all, by model, and at most ``limit`` entries of it."""
    page = await _page("seller_id", seller_id, limit, after, ledger)
    return Earnings(tuple(await ledger.earned(seller_id)), page)


async def _page(side: Side, account_id: str, limit: int, after: str | None, ledger: Ledger) -> LedgerPage:
    last = None
    if after is not None:
        last = await ledger.find_of(side, account_id, after)
        if last is None:
            raise InvalidRequest("after is the id of the last entry of the page before", param="after")
    found = await ledger.page_of(side, account_id, after=last, limit=limit + 1)
    return LedgerPage(tuple(found[:limit]), has_more=len(found) > limit)
