"""Looking up the names in strangers' URLs."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol

from shared.egress.addresses import may_dial
from shared.egress.refusals import Refusal, UrlNotAllowed
from shared.egress.urls import CheckedUrl

LOOKUPS_AT_ONCE = 16


class Names(Protocol):
    """Where names are looked up."""

    async def addresses(self, host: str) -> Sequence[str]:
        """Return the numeric addresses of ``host``.  Raises ``socket.gaierror`` when there are none."""
        ...


class SystemNames:
    """The system's resolver, on threads of its own.

    A look-up cannot be interrupted and a stranger's name server may hang for as long as
    it likes.  Were these on the event loop's own threads, a few such names would also
    stop the process from finding its database and its broker.
    """

    def __init__(self, lookups_at_once: int = LOOKUPS_AT_ONCE) -> None:
        """Take as many threads; where strangers choose many names at once, a few hung ones must not be all."""
        self._threads = ThreadPoolExecutor(lookups_at_once, thread_name_prefix="egress-names")

    async def addresses(self, host: str) -> Sequence[str]:
        """Return each address of ``host`` once, in the system's order of preference."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host)

    def close(self) -> None:
        """Drop the look-ups that wait; those that run end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


async def check_resolves(url: CheckedUrl, *, names: Names, allow_private: bool, within: timedelta) -> None:
    """Return when the host of ``url`` has at least one address that may be dialled.

    Addresses that may not are passed over, here as at the socket, and do not condemn
    the name: only what is dialled can do harm, and networks that translate IPv6 add
    private records to honest names.  Raises ``UrlNotAllowed``: ``UNRESOLVED`` alike for
    a name without addresses and one with none that is allowed, so that nobody can
    search our inner names; ``DNS_UNAVAILABLE`` when there was no answer in time.
    """
    try:
        async with asyncio.timeout(within.total_seconds()):
            found = await names.addresses(url.host)
    except TimeoutError:
        raise UrlNotAllowed(Refusal.DNS_UNAVAILABLE) from None
    except socket.gaierror as error:
        again = error.errno == socket.EAI_AGAIN
        raise UrlNotAllowed(Refusal.DNS_UNAVAILABLE if again else Refusal.UNRESOLVED) from None
    if not any(may_dial(address, allow_private=allow_private) for address in found):
        raise UrlNotAllowed(Refusal.UNRESOLVED)


def _look_up(host: str) -> list[str]:
    # As bytes the host goes to the resolver as it is, past Python's own, older IDNA.
    infos = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in infos))
