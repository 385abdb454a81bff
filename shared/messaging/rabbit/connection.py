"""The connection to RabbitMQ: opened once, asked with a deadline, watched until it is gone.

It is not aio-pika's robust one: whatever goes wrong, the whole is closed and made anew by ``RabbitBus``,
so there is one way back instead of one for each thing that can break.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError

from shared.messaging.cancellation import cancelled_from_outside
from shared.messaging.failures import BrokerUnavailable

HEARTBEAT_SECONDS: Final = 10
ANSWER_SECONDS: Final = 10.0
"""For one answer of the broker.  A quorum queue may take seconds to be declared after a restart."""
CLOSING_SECONDS: Final = 2.0

BROKER_ERRORS: Final = (AMQPError, ChannelInvalidStateError, OSError, TimeoutError)

T = TypeVar("T")


async def answered(asked: Awaitable[T], within: float = ANSWER_SECONDS) -> T:
    """Return the broker's answer; raise ``BrokerUnavailable`` when none comes or it is no.

    aio-pika's own timeouts leave some waits out, and it cancels whoever waits on a channel that closes.
    """
    try:
        async with asyncio.timeout(within):
            return await asked
    except BROKER_ERRORS as error:
        raise BrokerUnavailable(f"{type(error).__name__}: {error}") from error
    except asyncio.CancelledError as error:
        if cancelled_from_outside():
            raise
        raise BrokerUnavailable("the channel closed") from error


async def closed(line: AbstractChannel | AbstractConnection) -> None:
    """Close a channel or a connection; when the broker does not answer it is as good as closed."""
    try:
        await answered(line.close(), within=CLOSING_SECONDS)
    except BrokerUnavailable:
        return


async def connect(url: str, name: str) -> AbstractConnection:
    """Open one connection that is called ``name`` in the broker's lists."""
    return await answered(
        aio_pika.connect(
            url, heartbeat=HEARTBEAT_SECONDS, client_properties={"connection_name": name}, timeout=ANSWER_SECONDS
        )
    )


async def open_channel(connection: AbstractConnection, *, confirms: bool = False) -> AbstractChannel:
    """Open a channel; with ``confirms`` a message that nobody is bound for raises instead of vanishing."""
    if connection.transport is None:
        raise BrokerUnavailable("the connection is closed")
    channel = connection.channel(publisher_confirms=confirms, on_return_raises=confirms)
    try:
        await answered(channel.initialize())
    except RuntimeError as error:
        # How aiormq says that the connection closed while this channel waited for its turn.
        raise BrokerUnavailable("the connection closed") from error
    return channel
