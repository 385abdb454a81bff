"""RabbitMQ mechanics, ignorant of any event: who acks, what is tried again, and what is set aside.

``Bus`` is what a service sees; ``RabbitBus`` is the real one and ``MemoryBus`` the one for tests, and
both keep the same suite.  A handler returns the messages it wants said, or raises; nothing else is
asked of it.
"""
