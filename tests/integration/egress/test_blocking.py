"""Nothing that a stranger writes makes us open a connection inside."""

import re
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from shared.egress.dialling import AddressBlocked, AllowedNames, guarded_connector, verified_tls
from shared.egress.failures import FAILURES, EgressFailed, Reason, reason_of
from shared.egress.names import check_resolves
from shared.egress.session import Timeouts, open_guarded_session
from shared.egress.urls import parse_public_url
from tests.integration.egress.servers import OK, Server, answering, serving
from tests.unit.shared.egress.hostile_urls import hostile_urls

SECONDS = timedelta(seconds=1)
TIMEOUTS = Timeouts(connect=3 * SECONDS, read=3 * SECONDS, total=5 * SECONDS)
PUBLIC = "93.184.215.14"

dialled: list[tuple[object, ...]] = []
"""Every address that any socket of this process was told to connect to."""


def _listen_to_sockets(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        dialled.append(arguments)


sys.addaudithook(_listen_to_sockets)


class Answers:
    """Names that answer in turn, each list of addresses once and the last one for ever."""

    def __init__(self, *turns: Sequence[str]) -> None:
        self._turns = list(turns)
        self.asked = 0

    async def addresses(self, host: str) -> Sequence[str]:
        self.asked += 1
        return self._turns.pop(0) if len(self._turns) > 1 else self._turns[0]


class Liar(AbstractResolver):
    """A resolver that filters nothing: every name is this address."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        return [ResolveResult(hostname=host, host=self._address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@pytest.fixture
async def canary() -> AsyncIterator[Server]:
    async with serving(answering(OK)) as server:
        yield server


@asynccontextmanager
async def unread(resolver: AbstractResolver) -> AsyncIterator[aiohttp.ClientSession]:
    """A session that has only the connector of ours: no URL is checked and redirects are followed."""
    connector = guarded_connector(resolver, allow_private=False, tls=verified_tls(), connections=10, keep_alive=None)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


async def test_the_canary_sings_when_nothing_guards_the_way(canary):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{canary.port}/") as answer:
        assert answer.status == 200
    assert canary.connections == 1
    assert any(address[1] == ("127.0.0.1", canary.port) for address in dialled)


async def test_no_hostile_url_opens_a_connection_even_when_requested_unread(canary):
    before = len(dialled)
    tried = 0
    async with unread(Liar("127.0.0.1")) as session:
        for text in hostile_urls():
            for scheme in ("https", "http"):
                aimed = re.sub(r"^https(?=://)", scheme, text).replace(":8443/", f":{canary.port}/")
                try:
                    async with session.get(aimed) as answer:
                        pytest.fail(f"{aimed!a} was answered with {answer.status}")
                except (*FAILURES, ValueError, AssertionError):  # aiohttp asserts that every scheme has a port
                    tried += 1
    assert tried >= 600
    assert dialled[before:] == []
    assert canary.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "10.0.0.1", "169.254.169.254"])
async def test_the_socket_is_guarded_whatever_the_resolver_says(canary, address):
    before = len(dialled)
    async with unread(Liar(address)) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as refused:
            await session.get(f"http://hooks.example.com:{canary.port}/")
    assert isinstance(refused.value.os_error, AddressBlocked)
    assert reason_of(refused.value) is Reason.BLOCKED_ADDRESS
    assert dialled[before:] == []
    assert canary.connections == 0


async def test_a_resolver_that_returns_a_name_in_place_of_an_address_is_not_trusted(canary):
    async with unread(Liar("localhost")) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://hooks.example.com:{canary.port}/")
    assert canary.connections == 0


async def test_a_name_that_moves_inside_after_it_was_accepted_is_blocked(canary):
    names = Answers([PUBLIC], ["127.0.0.1"])
    url = parse_public_url(f"https://hooks.example.com:{canary.port}/", allow_private=False)
    await check_resolves(url, names=names, allow_private=False, within=SECONDS)
    before = len(dialled)
    async with open_guarded_session(names, allow_private=False) as session:
        with pytest.raises(EgressFailed) as failed:
            async with session.request("POST", url, timeouts=TIMEOUTS, body=b"{}"):
                pass
    assert failed.value.reason is Reason.BLOCKED_ADDRESS
    assert names.asked == 2
    assert dialled[before:] == []
    assert canary.connections == 0


async def test_a_name_is_looked_up_for_each_connection(canary):
    names = Answers(["127.0.0.1"], ["169.254.169.254"])
    url = parse_public_url(f"http://hooks.example.com:{canary.port}/", allow_private=True)
    async with open_guarded_session(names, allow_private=True) as session:
        async with session.request("GET", url, timeouts=TIMEOUTS) as answer:
            assert answer.status == 200
        with pytest.raises(EgressFailed, match="blocked_address"):
            async with session.request("GET", url, timeouts=TIMEOUTS):
                pass
    assert names.asked == 2
    assert canary.connections == 1


async def test_a_kept_connection_stays_at_the_address_that_was_judged(canary):
    names = Answers(["127.0.0.1"], ["169.254.169.254"])
    url = parse_public_url(f"http://hooks.example.com:{canary.port}/", allow_private=True)
    async with open_guarded_session(names, allow_private=True, keep_alive=30 * SECONDS) as session:
        for _ in range(3):
            async with session.request("GET", url, timeouts=TIMEOUTS) as answer:
                assert (await answer.read_capped(100)).whole
    assert names.asked == 1
    assert canary.connections == 1
    assert len(canary.requests) == 3


async def test_of_mixed_addresses_only_the_allowed_ones_are_dialled(canary):
    mixed = AllowedNames(Answers(["127.0.0.1", PUBLIC, "fd00::1", "2606:4700::1111"]), allow_private=False)
    found = await mixed.resolve("hooks.example.com", 443)
    assert [entry["host"] for entry in found] == [PUBLIC, "2606:4700::1111"]


async def test_development_blocks_a_metadata_service_too():
    before = len(dialled)
    names = Answers(["169.254.169.254"])
    url = parse_public_url("http://metadata.google.internal/computeMetadata/v1/", allow_private=True)
    async with open_guarded_session(names, allow_private=True) as session:
        with pytest.raises(EgressFailed, match="blocked_address"):
            async with session.request("GET", url, timeouts=TIMEOUTS):
                pass
    assert dialled[before:] == []


def redirect(status: int, location: str) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_is_never_followed(canary, status):
    async with serving(answering(redirect(status, f"http://127.0.0.1:{canary.port}/inside"))) as server:
        url = parse_public_url(f"http://127.0.0.1:{server.port}/", allow_private=True)
        async with (
            open_guarded_session(Answers(["127.0.0.1"]), allow_private=True) as session,
            session.request("POST", url, timeouts=TIMEOUTS, body=b"{}") as answer,
        ):
            assert answer.status == status
        assert len(server.requests) == 1
    assert canary.connections == 0


async def test_a_proxy_in_the_environment_is_not_used(canary, monkeypatch):
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{canary.port}")
        monkeypatch.setenv(variable.upper(), f"http://127.0.0.1:{canary.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with serving(answering(OK)) as server:
        url = parse_public_url(f"http://hooks.example.com:{server.port}/", allow_private=True)
        async with (
            open_guarded_session(Answers(["127.0.0.1"]), allow_private=True) as session,
            session.request("GET", url, timeouts=TIMEOUTS) as answer,
        ):
            assert answer.status == 200
    assert len(server.requests) == 1
    assert canary.connections == 0
