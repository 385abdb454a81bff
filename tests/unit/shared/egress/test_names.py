"""Looking up the name in a URL before it is accepted."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

import pytest

from shared.egress.names import SystemNames, check_resolves
from shared.egress.refusals import Refusal, UrlNotAllowed
from shared.egress.urls import parse_public_url

URL = parse_public_url("https://hooks.example.com/", allow_private=False)
SOON = timedelta(seconds=5)


class Says:
    """Names that give every host the same addresses, or raise the same error."""

    def __init__(self, *found: str, error: OSError | None = None) -> None:
        self._found = found
        self._error = error

    async def addresses(self, host: str) -> Sequence[str]:
        if self._error is not None:
            raise self._error
        return self._found


class Silent:
    """Names whose server never answers."""

    async def addresses(self, host: str) -> Sequence[str]:
        await asyncio.Event().wait()
        raise AssertionError


async def refusal_from(names, *, allow_private=False, within=SOON) -> Refusal:
    with pytest.raises(UrlNotAllowed) as refused:
        await check_resolves(URL, names=names, allow_private=allow_private, within=within)
    return refused.value.refusal


async def test_a_name_with_a_public_address_is_accepted():
    await check_resolves(URL, names=Says("93.184.215.14"), allow_private=False, within=SOON)


async def test_a_name_with_only_an_ipv6_address_is_accepted():
    await check_resolves(URL, names=Says("2606:4700::1111"), allow_private=False, within=SOON)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["10.0.0.1", "fd00::1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"], []])
async def test_a_name_without_a_public_address_is_refused(found):
    assert await refusal_from(Says(*found)) is Refusal.UNRESOLVED


async def test_a_private_address_beside_a_public_one_does_not_condemn_the_name():
    await check_resolves(URL, names=Says("10.0.0.1", "93.184.215.14"), allow_private=False, within=SOON)


async def test_a_name_that_does_not_exist_is_refused_in_the_same_words_as_a_private_one():
    missing = Says(error=socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    assert await refusal_from(missing) is await refusal_from(Says("10.0.0.1"))


async def test_a_name_server_in_trouble_is_told_apart():
    trouble = Says(error=socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"))
    assert await refusal_from(trouble) is Refusal.DNS_UNAVAILABLE


async def test_a_name_server_that_is_silent_is_waited_for_no_longer_than_asked():
    assert await refusal_from(Silent(), within=timedelta(milliseconds=20)) is Refusal.DNS_UNAVAILABLE


async def test_development_accepts_loopback_but_no_metadata_service():
    await check_resolves(URL, names=Says("127.0.0.1"), allow_private=True, within=SOON)
    assert await refusal_from(Says("169.254.169.254"), allow_private=True) is Refusal.UNRESOLVED


async def test_the_system_knows_localhost_and_gives_each_address_once():
    with closing(SystemNames()) as names:
        found = await names.addresses("localhost")
    assert {"127.0.0.1", "::1"} & set(found)
    assert len(found) == len(set(found))


async def test_the_system_returns_a_literal_as_it_is():
    with closing(SystemNames()) as names:
        assert await names.addresses("2606:4700::1111") == ["2606:4700::1111"]
