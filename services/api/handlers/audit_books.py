"""Audit: does the money add up?"""

from __future__ import annotations

from services.api.domain.audit import NOTHING, Audit
from services.api.ports import Books


async def audit_books(*, books: Books) -> Audit:
    """Every account against the ledger, at one instant, a few accounts in memory at a time.

    ``difference`` is 0 when all is well, whatever is in transit meanwhile.
    """
    audit = Audit()
    async with books.snapshot() as snapshot:
        async for book in snapshot.accounts():
            transit = None if book.gap == NOTHING else await snapshot.transit(book.account.id)
            audit.take(book, transit)
        entries = await snapshot.entries()
        audit.differ(None, "entries without an account", abs(entries - audit.entries))
    return audit
