"""A model of a kind that has no way to be ordered yet is not sold by the way of another kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.api.domain.own_provider import NewProvider
from services.api.domain.refusals import InvalidRequest, ModelNotFound
from services.api.domain.selling import NewOffer
from services.api.handlers.create_offer import create_offer
from services.api.handlers.create_provider import create_provider
from services.api.handlers.quote_job import quote_job
from services.api.handlers.submit_job import submit_job
from shared.kernel.secret import Secret
from shared.market.catalogue import Catalogue
from shared.market.kinds import KINDS
from shared.market.offers import Multiplier
from shared.market.own import OwnRole
from shared.market.parameters import ParameterRefused, Parameters
from tests.unit.services.api.market import CATALOGUE, Market
from tests.unit.services.api.samples import MODEL, offer
from tests.unit.services.api.test_offers_of_sellers import Stall

FILM = replace(CATALOGUE[MODEL], id="venice-film", kind="film", aliases=())
WIDER = Catalogue([FILM, *CATALOGUE])
ASKED = Parameters(FILM.id, "a quiet tune")
KEY = Secret("k")


@pytest.fixture
def stall() -> Stall:
    stall = Stall()
    stall.world = replace(stall.world, catalogue=WIDER)
    return stall


async def test_an_order_of_music_for_a_model_of_another_kind_finds_no_model() -> None:
    market = await Market().open()
    with pytest.raises(ParameterRefused) as refused:
        await submit_job(market.order(parameters=ASKED), world=replace(market.submitting, catalogue=WIDER))
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")
    assert await market.figures() == (1_000_000, 0, 0)


async def test_a_quote_of_music_for_a_model_of_another_kind_finds_no_model() -> None:
    market = Market()
    with pytest.raises(ParameterRefused) as refused:
        quote_job("b", ASKED, None, catalogue=WIDER, kinds=KINDS, book=market.book, clock=market.clock, fee_bps=0)
    assert refused.value.code == "model_not_found"


async def test_nothing_is_offered_of_a_model_that_cannot_be_ordered(stall: Stall) -> None:
    new = NewOffer("venice", offer().base_url, KEY, FILM.id, Multiplier(7000))
    with pytest.raises(ModelNotFound):
        await create_offer(stall.seller, new, world=stall.world)


async def test_a_buyers_own_provider_is_quoted_for_a_model_that_can_be_ordered(stall: Stall) -> None:
    new = NewProvider("venice", offer().base_url, KEY, OwnRole.PRIORITY)
    record = await create_provider(stall.seller, new, world=stall.world)
    assert record.offer.model != FILM.id
    with pytest.raises(InvalidRequest):
        await create_provider(stall.seller, replace(new, models=(FILM.id,)), world=stall.world)
