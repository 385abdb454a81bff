"""A loop of tape: what runs past its end goes on at its beginning, so a loop joins itself without a seam."""

from __future__ import annotations

import numpy as np

from deploy.simulator.synthesis.signal import Samples


class Reel:
    """A stereo loop of ``length`` samples to lay sounds on."""

    def __init__(self, length: int) -> None:
        self.tape: Samples = np.zeros((length, 2), np.float32)

    def lay(self, sound: Samples, at: int, *, gain: float = 1.0, pan: float = 0.0) -> None:
        """Add a mono sound from sample ``at`` on; ``pan`` goes from -1, left, to 1, right, at equal power."""
        angle = (pan + 1) * np.pi / 4
        sides = np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(gain * np.sqrt(2))
        length, start = len(self.tape), at % len(self.tape)
        while len(sound):
            piece = sound[: length - start]
            self.tape[start : start + len(piece)] += piece[:, None] * sides
            sound, start = sound[len(piece) :], 0

    def echo(self, delay: int, gain: float) -> None:
        """Add three repeats, each quieter and on the other side."""
        dry = self.tape.copy()
        for repeat in range(1, 4):
            swapped = dry[:, ::-1] if repeat % 2 else dry
            self.tape += np.roll(swapped, delay * repeat, axis=0) * np.float32(gain**repeat)
