"""A publisher whom no broker answers."""

from datetime import timedelta

import pytest

from shared.kernel.errors import Transient
from shared.messaging.failures import Unconfirmed
from shared.messaging.rabbit.publisher import RabbitPublisher
from shared.messaging.topology import Exchange
from tests.contract.messaging.handlers import fact


async def test_without_a_connection_it_gives_up_at_its_deadline() -> None:
    publisher = RabbitPublisher(Exchange("events"))
    with pytest.raises(Unconfirmed) as raised:
        await publisher.publish(fact("asked"), fact("asked"), within=timedelta(milliseconds=20))
    assert isinstance(raised.value, Transient)


async def test_saying_nothing_needs_no_broker() -> None:
    await RabbitPublisher(Exchange("events")).publish()
