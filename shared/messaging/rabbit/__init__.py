"""The bus over RabbitMQ, by aio-pika."""

from shared.messaging.rabbit.bus import RabbitBus

__all__ = ["RabbitBus"]
