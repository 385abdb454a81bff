"""How publishing fails.  Every one of these is worth another try, so every one is ``Transient``."""

from shared.kernel.errors import Transient


class BrokerUnavailable(Transient):
    """The broker did not answer, or the connection to it went away while it was asked."""


class PublishFailed(Transient):
    """A message was not taken over by the broker, as far as we know."""


class Unroutable(PublishFailed):
    """Somebody must hear this message and no queue is bound for it."""


class Refused(PublishFailed):
    """The broker said no, which it does when a queue is full."""


class Unconfirmed(PublishFailed):
    """No answer came in time: the message may be there or not, and must be said again."""


class HandlerOverran(Transient):
    """A handler was still at work when its deadline passed; what it did is unknown."""
