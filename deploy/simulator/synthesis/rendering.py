"""From an order to its audio file."""

from __future__ import annotations

from deploy.simulator.orders import Order
from deploy.simulator.synthesis.arrangement import song
from deploy.simulator.synthesis.effects import effect
from deploy.simulator.synthesis.encoding import encode
from deploy.simulator.synthesis.signal import Sound
from deploy.simulator.synthesis.speech import speech


def render(order: Order) -> bytes:
    """The file an order asks for, the same bytes each time.  Pure computation, a good fit for a thread."""
    return encode(compose(order), order.audio_format)


def compose(order: Order) -> Sound:
    """The order's sound.  A song whose model takes no duration is 75 to 120 seconds long."""
    match order.renders:
        case "song":
            seconds = order.seconds or 75 + order.seed % 46
            return Sound(2, song(order.prompt, lyrics=order.lyrics, seconds=seconds, seed=order.seed))
        case "effect":
            seconds = order.seconds or 5
            return Sound(2, effect(order.prompt, seconds=seconds, seed=order.seed, loop=order.loop))
        case "speech":
            spoken = speech(order.prompt, voice=order.voice, speed=order.speed, seconds=order.seconds, seed=order.seed)
            return Sound(1, spoken)
