"""The bus in memory, for tests: it passes the suite that the bus over RabbitMQ passes."""

from shared.messaging.memory.broker import MemoryBroker
from shared.messaging.memory.bus import MemoryBus

__all__ = ["MemoryBroker", "MemoryBus"]
