"""A connection that went away a moment ago."""

import pytest

from shared.messaging.failures import BrokerUnavailable
from shared.messaging.rabbit.connection import connect, open_channel

pytestmark = pytest.mark.servers


async def test_a_channel_on_a_connection_that_has_just_closed_is_trouble_with_the_broker(rabbitmq_url: str) -> None:
    connection = await connect(rabbitmq_url, "test")
    assert connection.transport is not None
    await connection.transport.connection.close()
    with pytest.raises(BrokerUnavailable, match="the connection closed"):
        await open_channel(connection)
