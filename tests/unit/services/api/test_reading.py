"""Reading: one's own jobs and ledger, a page at a time, and nobody else's."""

from __future__ import annotations

import pytest

from services.api.domain.account import Role
from services.api.domain.job_page import JobList
from services.api.domain.ledger_page import LedgerPage
from services.api.domain.reader import ByKey, ByToken
from services.api.domain.refusals import InvalidRequest, JobNotFound, ModelNotFound, NotFound
from services.api.handlers.add_credit import Crediting, add_credit
from services.api.handlers.list_jobs import list_jobs
from services.api.handlers.quote_job import quote_job
from services.api.handlers.read_account import read_account
from services.api.handlers.read_job import read_job
from services.api.handlers.read_ledger import read_earnings, read_ledger
from shared.contracts.records.job import JobStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.market.discount import Floor
from shared.market.kinds import KINDS
from shared.market.parameters import ParameterRefused, Parameters
from shared.market.selection import Ineligible
from tests.unit.services.api.market import CATALOGUE, ORDER, Market
from tests.unit.services.api.samples import AT, MODEL, account


@pytest.fixture
async def market() -> Market:
    return await Market().open()


async def pages(market: Market, limit: int) -> list[JobList]:
    found = [await list_jobs(market.buyer.id, limit=limit, jobs=market.jobs)]
    while found[-1].has_more:
        last = found[-1].jobs[-1].id
        found.append(await list_jobs(market.buyer.id, limit=limit, after=last, jobs=market.jobs))
    return found


async def test_pages_of_jobs_follow_each_other_until_there_is_no_more(market: Market) -> None:
    made = {(await market.submit()).job.id for _ in range(5)}
    found = await pages(market, 2)
    assert [len(page.jobs) for page in found] == [2, 2, 1]
    assert {job.id for page in found for job in page.jobs} == made


async def test_a_full_last_page_has_no_more(market: Market) -> None:
    for _ in range(4):
        await market.submit()
    assert [len(page.jobs) for page in await pages(market, 2)] == [2, 2]


async def test_jobs_can_be_listed_by_status(market: Market) -> None:
    await market.submit()
    routed = await market.routed()
    found = await list_jobs(market.buyer.id, limit=5, status=JobStatus.SUBMITTED, jobs=market.jobs)
    assert [job.id for job in found.jobs] == [routed.id]


async def test_a_foreign_job_is_no_cursor(market: Market) -> None:
    job = (await market.submit()).job
    with pytest.raises(InvalidRequest) as refused:
        await list_jobs(new_id(), limit=5, after=job.id, jobs=market.jobs)
    assert refused.value.param == "after"


async def test_a_job_is_read_with_its_buyers_key_or_its_own_token(market: Market) -> None:
    job = (await market.submit()).job
    token = market.signing.token(job.id, job.token_key_id)
    assert token is not None
    for reader in (ByKey(market.buyer.id), ByToken(token)):
        assert await read_job(job.id, reader, jobs=market.jobs, signing=market.signing) == job


async def test_a_foreign_job_a_wrong_token_and_no_job_look_the_same(market: Market) -> None:
    job = (await market.submit()).job
    other = market.signing.token(new_id(), job.token_key_id)
    assert other is not None
    for job_id, reader in ((job.id, ByKey(new_id())), (job.id, ByToken(other)), (new_id(), ByKey(market.buyer.id))):
        with pytest.raises(JobNotFound) as refused:
            await read_job(job_id, reader, jobs=market.jobs, signing=market.signing)
        assert str(refused.value) == "there is no such job"


async def ledger_pages(market: Market, limit: int) -> list[LedgerPage]:
    found = [await read_ledger(market.buyer.id, limit=limit, ledger=market.ledger)]
    while found[-1].has_more:
        last = found[-1].entries[-1].id
        found.append(await read_ledger(market.buyer.id, limit=limit, after=last, ledger=market.ledger))
    return found


async def test_pages_of_the_ledger_follow_each_other_until_there_is_no_more(market: Market) -> None:
    await market.deliver((await market.routed()).id)
    found = await ledger_pages(market, 3)
    assert [len(page.entries) for page in found] == [3, 1]
    assert {entry.id for page in found for entry in page.entries} == set(market.ledger.entries)


async def test_a_foreign_entry_is_no_cursor(market: Market) -> None:
    with pytest.raises(InvalidRequest):
        await read_ledger(new_id(), limit=3, after=market.entries[0].id, ledger=market.ledger)


async def test_earnings_are_everything_a_seller_was_paid(market: Market) -> None:
    for _ in range(3):
        await market.deliver((await market.routed()).id)
    earnings = await read_earnings("s1", limit=2, ledger=market.ledger)
    assert (earnings.amount, earnings.jobs, earnings.by_model[0].model) == (Money(63_000), 3, MODEL)
    assert len(earnings.page.entries) == 2
    assert earnings.page.has_more


async def test_an_account_is_read_or_not_found(market: Market) -> None:
    assert await read_account(market.buyer.id, accounts=market.accounts) == market.buyer
    with pytest.raises(NotFound):
        await read_account(new_id(), accounts=market.accounts)


async def credit(market: Market, amount: int, reference: str = "invoice 7", buyer: str | None = None) -> Money:
    world = Crediting(market.accounts, market.ledger, market.clock)
    return (await add_credit(buyer or market.buyer.id, Money(amount), reference, world=world)).credited


async def test_a_credit_is_given_once_for_each_reference(market: Market) -> None:
    assert await credit(market, 5) == Money(1_000_005)
    assert await credit(market, 5) == Money(1_000_005)
    assert await credit(market, 5, "invoice 8") == Money(1_000_010)
    assert await market.figures() == (1_000_010, 0, 0)


async def test_a_reference_that_was_used_for_another_amount_is_refused(market: Market) -> None:
    await credit(market, 5)
    with pytest.raises(InvalidRequest) as refused:
        await credit(market, 6)
    assert refused.value.param == "reference"
    assert await market.figures() == (1_000_005, 0, 0)


async def test_only_a_buyer_is_given_credit(market: Market) -> None:
    seller = account(role=Role.SELLER)
    await market.accounts.open(seller)
    for stranger in (seller.id, new_id()):
        with pytest.raises(NotFound):
            await credit(market, 5, buyer=stranger)


def test_a_quote_names_every_candidate_and_holds_nothing() -> None:
    market = Market()
    world = {"catalogue": CATALOGUE, "kinds": KINDS, "book": market.book, "clock": market.clock, "fee_bps": 0}
    told = quote_job("buyer", ORDER, Floor(31), **world)  # type: ignore[arg-type]
    assert told.reference == Money(30_000)
    assert [candidate.reason for candidate in told.candidates] == [Ineligible.BELOW_MINIMUM_DISCOUNT]
    with pytest.raises(ModelNotFound):
        quote_job("buyer", Parameters("nothing", "x"), None, **world)  # type: ignore[arg-type]
    with pytest.raises(ParameterRefused):
        quote_job("buyer", Parameters(MODEL, ""), None, **world)  # type: ignore[arg-type]
    assert market.clock.now() == AT
