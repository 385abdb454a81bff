"""Quotes: what an order would cost now, and at whom."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from typing_extensions import TypedDict

from services.api.domain.estimate import Estimate
from services.api.entrypoints.http.answers import json_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.orders import OrderBody
from services.api.entrypoints.http.shapes import Id, Percent, Usdc, one_of
from services.api.entrypoints.http.strict_json import read_body
from services.api.handlers.quote_job import quote_job
from shared.kernel.money import Money
from shared.market.choice import role_of
from shared.market.discount import discount_percent
from shared.market.own import OwnRole
from shared.market.selection import Candidate, Ineligible, Shortfall


class CandidateView(TypedDict):
    """An offer, or a provider of the buyer's own, and whether the job could go there now."""

    offer_id: Id
    own: Annotated[str, one_of(OwnRole)] | None
    estimated_cost_usdc: Usdc | None
    estimated_fee_usdc: Usdc | None
    estimated_discount_pct: Percent | None
    eligible: bool
    reason: Annotated[str, one_of(Ineligible)] | None


class RefusalView(TypedDict):
    """What an order would be answered."""

    code: Annotated[str, one_of(Shortfall)]
    message: str


class QuoteView(TypedDict):
    """What an order would cost now; nulls and the ``refusal`` where nobody would take it."""

    object: Literal["quote"]
    model: str
    reference_cost_usdc: Usdc | None
    fee_bps: int
    estimated_cost_usdc: Usdc | None
    max_cost_usdc: Usdc | None
    estimated_discount_pct: Percent | None
    refusal: RefusalView | None
    candidates: list[CandidateView]


async def quote(call: Call) -> web.Response:
    """The same body as an order's; nothing is held, and nobody qualifying is an answer too."""
    body = await read_body(call.request, OrderBody)
    body.metadata_text()
    if body.webhook_url is not None:
        await call.world.urls.webhook(body.webhook_url)
    market = call.world.submitting
    found = quote_job(
        call.account_id,
        body.parameters(),
        call.floor,
        catalogue=market.catalogue,
        kinds=market.kinds,
        book=market.book,
        clock=market.clock,
        fee_bps=market.fee_bps,
    )
    model = market.catalogue.find(body.model)
    assert model is not None
    estimate = found.estimate if isinstance(found.estimate, Estimate) else None
    return json_answer(
        {
            "object": "quote",
            "model": model.id,
            "reference_cost_usdc": _text(found.reference),
            "fee_bps": market.fee_bps,
            "estimated_cost_usdc": None if estimate is None else str(estimate.cost),
            "max_cost_usdc": None if estimate is None else str(estimate.maximum),
            "estimated_discount_pct": None if estimate is None else discount_percent(estimate.cost, found.reference),
            "refusal": None if isinstance(found.estimate, Estimate) else _refusal(found.estimate.code, found.estimate),
            "candidates": [_candidate(candidate, found.reference) for candidate in found.candidates],
        }
    )


def _candidate(candidate: Candidate, reference: Money | None) -> CandidateView:
    cost = None if candidate.cost is None else candidate.cost.buyer
    return {
        "offer_id": candidate.offer.id,
        "own": role_of(candidate),
        "estimated_cost_usdc": _text(cost),
        "estimated_fee_usdc": None if candidate.cost is None else str(candidate.cost.fee),
        "estimated_discount_pct": None if cost is None else discount_percent(cost, reference),
        "eligible": candidate.eligible,
        "reason": None if candidate.reason is None else candidate.reason.value,
    }


def _refusal(code: str, refusal: Exception) -> RefusalView:
    return {"code": code, "message": str(refusal)}


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)
