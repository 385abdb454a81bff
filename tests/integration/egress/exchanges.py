"""One exchange with a server on loopback, in the shapes that the tests need."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.egress.answer import Body
from shared.egress.failures import EgressFailed, Reason
from shared.egress.session import NO_HEADERS, Timeouts, open_guarded_session
from shared.egress.urls import CheckedUrl, parse_public_url

MS = timedelta(milliseconds=1)
PATIENT = Timeouts(connect=5000 * MS, read=5000 * MS, total=8000 * MS)
HASTY = Timeouts(connect=200 * MS, read=200 * MS, total=1000 * MS)


class Loopback:
    """Names that all are this machine."""

    async def addresses(self, host: str) -> Sequence[str]:
        return ["127.0.0.1"]


def to(port: int, *, scheme: str = "http", host: str = "127.0.0.1") -> CheckedUrl:
    return parse_public_url(f"{scheme}://{host}:{port}/submit?token=T0KEN", allow_private=True)


async def post(url, *, names=None, tls=None, timeouts=PATIENT, headers=NO_HEADERS, method="POST") -> Body:
    async with (
        open_guarded_session(names or Loopback(), allow_private=True, tls=tls) as session,
        session.request(method, url, timeouts=timeouts, headers=headers, body=b'{"model": "m"}') as answer,
    ):
        return await answer.read_capped(1024)


async def failure(url, **how) -> Reason:
    with pytest.raises(EgressFailed) as failed:
        await post(url, **how)
    return failed.value.reason
