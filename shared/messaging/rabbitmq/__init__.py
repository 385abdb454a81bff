"""The bus over RabbitMQ, by aio-pika."""
