"""Whatever a real receiver does, the attempt ends in time and is followed by what the rules say."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from services.webhooks.domain.ladder import SPREAD
from shared.contracts.market_events import DeliveryExhausted, DeliverySucceeded
from shared.contracts.records.delivery import DeliveryState
from tests.integration.egress.servers import Reader, Server, Writer, deaf, resetting, serving, silent
from tests.integration.webhooks.office import LADDER, Office, open_office
from tests.integration.webhooks.receivers import Receiver, answering, answering_in_turn, receiving
from tests.unit.services.webhooks.samples import SECRET


async def drip(server: Server, reader: Reader, writer: Writer) -> None:
    """Take a request, promise a body, and send a byte of it each second."""
    await server.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        await writer.drain()
        await asyncio.sleep(1)
        writer.write(b".")


async def flood(server: Server, reader: Reader, writer: Writer) -> None:
    """Answer 200 with a body that never ends."""
    await server.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
    while True:
        writer.write(b"." * 65536)
        await writer.drain()


class Rebound:
    """Names that were public once and lead inside now."""

    async def addresses(self, host: str) -> list[str]:
        return ["127.0.0.1", "169.254.169.254", "10.0.0.1"]


async def test_an_ending_is_heard_at_once_and_can_be_verified(office: Office) -> None:
    async with receiving(answering(200)) as [receiver], office.courier() as courier:
        wanted = await office.add(receiver.url)
        courier.wake()
        record = await office.over(wanted)
    [arrived] = receiver.arrived
    verified = Webhook(SECRET.reveal()).verify(arrived.body, dict(arrived.headers))
    assert (verified["type"], verified["data"]["id"]) == ("music.generation.succeeded", wanted.job_id)
    assert (arrived.headers["Content-Type"], arrived.headers["User-Agent"]) == ("application/json", "Busker")
    assert (record.state, record.log[0].status, record.attempts) == (DeliveryState.SUCCEEDED, 200, 1)
    assert office.heard.facts == [DeliverySucceeded(delivery_id=wanted.id, buyer_id=wanted.buyer_id, attempts=1)]


async def test_one_that_fails_is_sent_again_by_the_ladder_under_the_same_id(office: Office) -> None:
    async with receiving(answering_in_turn(500, 404, 200)) as [receiver], office.courier():
        record = await office.over(await office.add(receiver.url))
    assert [line.status for line in record.log] == [500, 404, 200]
    assert len({arrived.message_id for arrived in receiver.arrived}) == 1
    waits = [later.at - earlier.at for earlier, later in pairwise(receiver.arrived)]
    assert all(wait >= LADDER[1].total_seconds() * (1 - SPREAD) for wait in waits)


async def test_at_the_end_of_the_ladder_it_is_exhausted_and_said(office: Office) -> None:
    async with receiving(answering(503)) as [receiver], office.courier():
        wanted = await office.add(receiver.url)
        record = await office.over(wanted)
    assert (record.state, record.attempts) == (DeliveryState.EXHAUSTED, len(LADDER))
    [fact] = office.heard.facts
    assert isinstance(fact, DeliveryExhausted)
    assert (fact.delivery_id, fact.reason) == (wanted.id, "status 503")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_never_followed(office: Office, status: int) -> None:
    elsewhere: list[Receiver] = []

    async def redirect(receiver: Receiver) -> web.Response:
        return web.Response(status=status, headers={"Location": elsewhere[0].url})

    async with receiving(redirect, answering(200)) as [receiver, inside], office.courier():
        elsewhere.append(inside)
        record = await office.attempted(await office.add(receiver.url))
    assert record.log[0].status == status
    assert record.state is DeliveryState.PENDING
    assert inside.arrived == []


async def test_one_that_is_gone_is_given_up(office: Office) -> None:
    async with receiving(answering(410)) as [receiver], office.courier():
        record = await office.over(await office.add(receiver.url))
    assert (record.state, record.attempts, len(receiver.arrived)) == (DeliveryState.EXHAUSTED, 1, 1)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_receiver_under_load_is_left_alone_for_as_long_as_it_asks(
    mongo_url: str, database_name: str, status: int
) -> None:
    ladder = (timedelta(), timedelta(hours=1))
    async with (
        open_office(mongo_url, database_name, ladder=ladder) as office,
        receiving(answering(status, {"Retry-After": "5400"})) as [receiver],
        office.courier(),
    ):
        record = await office.attempted(await office.add(receiver.url))
    assert record.next_attempt_at is not None
    assert timedelta(minutes=85) < record.next_attempt_at - record.created_at < timedelta(minutes=95)


@pytest.mark.parametrize(
    ("behave", "error"),
    [(silent, "timeout"), (deaf, "timeout"), (drip, "timeout"), (resetting, "reset")],
    ids=["silent", "deaf", "a byte a second", "resetting"],
)
async def test_one_without_a_whole_answer_has_failed_in_time(impatient: Office, behave, error: str) -> None:
    async with serving(behave) as server, impatient.courier():
        record = await impatient.attempted(await impatient.add(f"http://127.0.0.1:{server.port}/"))
    [line] = record.log[:1]
    assert (line.status, line.error) == (None, error)
    assert line.took < timedelta(seconds=3)


async def test_an_answer_without_end_is_read_no_further_than_needed(office: Office) -> None:
    async with serving(flood) as server, office.courier():
        record = await office.over(await office.add(f"http://127.0.0.1:{server.port}/"))
    assert (record.state, record.log[0].status) == (DeliveryState.SUCCEEDED, 200)


async def test_nobody_there_is_a_failure_like_any_other(office: Office) -> None:
    async with receiving(answering(200)) as [receiver]:
        pass
    async with office.courier():
        record = await office.attempted(await office.add(receiver.url))
    assert (record.log[0].error, record.state) == ("connect_failed", DeliveryState.PENDING)


async def test_a_name_that_has_come_to_mean_a_private_address_is_a_failure_like_any_other(
    mongo_url: str, database_name: str
) -> None:
    rebound = Rebound()
    async with open_office(mongo_url, database_name, allow_private=False, names=rebound) as office, office.courier():
        inside = await office.attempted(await office.add("https://rebound.example/hook"))
        literal = await office.over(await office.add("https://127.0.0.1/hook"))
    assert (inside.state, inside.log[0].error) == (DeliveryState.PENDING, "blocked_address")
    assert (literal.state, literal.log[0].error) == (DeliveryState.EXHAUSTED, "the URL is not allowed")
