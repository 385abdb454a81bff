"""What can be measured of a sound."""

import io
from itertools import pairwise
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from deploy.simulator.synthesis.rendering import render
from tests.unit.deploy.simulator.orders import order

Heard = NDArray[np.float64]


def heard(model: str, prompt: str, **fields: Any) -> tuple[Heard, int]:
    """A rendering after encoding and decoding, one column per channel, and its sampling rate."""
    samples, rate = soundfile.read(io.BytesIO(render(order(model, prompt, **fields))), always_2d=True)
    return samples, rate


def level(sound: Heard) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(sound**2)))


def colour(sound: Heard, rate: int) -> Heard:
    """How the energy is spread over 48 bands from 40 Hz to 12 kHz, as a unit vector."""
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    edges = np.searchsorted(np.fft.rfftfreq(len(sound), 1 / rate), np.geomspace(40, 12_000, 49))
    bands = np.sqrt(np.array([power[low:high].sum() for low, high in pairwise(edges)]))
    return np.asarray(bands / np.linalg.norm(bands))


def likeness(one: tuple[Heard, int], other: tuple[Heard, int]) -> float:
    """1 for the same spread of energy, 0 for nothing in common."""
    return float(colour(*one) @ colour(*other))


def pitch_classes(sound: Heard, rate: int) -> Heard:
    """The share of the energy between 60 and 1000 Hz that falls on each of the twelve notes, C first."""
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / rate)
    within = (hertz > 60) & (hertz < 1000)
    notes = np.round(12 * np.log2(hertz[within] / 440) + 69).astype(int) % 12
    energy = np.bincount(notes, power[within], minlength=12)
    return np.asarray(energy / energy.sum())
