"""What comes round in an artifacts process.  Any number of them share the work."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from services.artifacts.handlers.abort_uploads import abort_uploads
from services.artifacts.handlers.expire_outputs import expire_outputs
from services.artifacts.handlers.forget_copies import forget_copies
from services.artifacts.handlers.keeping import Keeping
from services.artifacts.handlers.say_again import say_again
from shared.runtime.tickers import Ticker


def tickers(world: Keeping) -> Sequence[Ticker]:
    """The table of sweeps."""
    return (
        Ticker("forget copies", timedelta(seconds=1), partial(forget_copies, world=world)),
        Ticker("say again", timedelta(seconds=10), partial(say_again, world=world)),
        Ticker("expire outputs", timedelta(seconds=15), partial(expire_outputs, world=world)),
        Ticker("abort uploads", timedelta(minutes=10), partial(abort_uploads, objects=world.objects)),
    )
