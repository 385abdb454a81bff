"""Speech of a kind: a text's vowels and consonants, in a voice of its own, with the melody of sentences."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from deploy.simulator.synthesis.signal import RATE, Samples, fade_edges, frames, limit, ramp
from deploy.simulator.synthesis.timbre import PERIOD, wave
from deploy.simulator.synthesis.vowels import FORMANTS, spectrum

_SECONDS: Final = {"vowel": 0.115, "hum": 0.06, "hiss": 0.075, "stop": 0.06, "gap": 0.05, "comma": 0.2, "end": 0.38}
_HUMS: Final = frozenset("mnlrwv")
_HISSES: Final = frozenset("sfzxhcj")
_STOPS: Final = frozenset("ptkbdgq")
_SHORTEST: Final = 0.6
_LEAST_SPEED, _MOST_SPEED = 0.6, 1.8


@dataclass(frozen=True, slots=True)
class Voice:
    """``hertz`` is where the pitch lies, ``size`` that of the resonances (below 1: a larger head)."""

    hertz: float
    size: float
    liveliness: float


@dataclass(frozen=True, slots=True)
class Phone:
    """One sound of speech: its kind, the vowel that colours it, and its length in seconds."""

    kind: str
    vowel: str
    seconds: float


def voice_of(name: str) -> Voice:
    """The voice that goes with a name, always the same."""
    dice = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    height = dice[0] / 255
    return Voice(95 * 2 ** (1.25 * height), 0.86 + 0.3 * height, 0.06 + 0.1 * dice[1] / 255)


def speech(text: str, *, voice: str, speed: float, seconds: float | None, seed: int) -> Iterator[Samples]:
    """The text spoken, sentence by sentence, as mono blocks.

    With ``seconds`` the speaker hurries or dawdles within reason, and silence or a fade makes up the rest,
    so that the length is exact; without, the text takes what it takes.
    """
    sentences = [list(_phones(sentence)) for sentence in _sentences(text)]
    natural = sum(phone.seconds for sentence in sentences for phone in sentence)
    pace = speed if seconds is None else float(np.clip(natural / seconds, _LEAST_SPEED, _MOST_SPEED))
    left = frames(max(_SHORTEST, natural / speed)) if seconds is None else frames(seconds)
    chance, speaker = np.random.default_rng(seed), voice_of(voice)
    for phones in sentences:
        block = limit(_spoken(phones, speaker, pace, chance))[:left]
        left -= len(block)
        yield fade_edges(block, 0, 0.02)
        if left <= 0:
            return
    yield np.zeros(left, np.float32)


def _sentences(text: str) -> list[str]:
    return [part for part in re.findall(r"[^.!?\n]*[.!?\n]*", text) if part.strip()] or [text]


def _phones(text: str) -> Iterator[Phone]:
    nearest = "e"
    for letter in text.lower():
        kind = _kind(letter)
        if kind == "vowel":
            nearest = letter if letter in FORMANTS else "aeiou"[ord(letter) % 5]
        yield Phone(kind, "m" if letter in "mn" else nearest, _SECONDS[kind])


def _kind(letter: str) -> str:
    for letters, kind in ((_HUMS, "hum"), (_HISSES, "hiss"), (_STOPS, "stop")):
        if letter in letters:
            return kind
    if letter.isalnum():
        return "vowel"
    if letter in ".!?\n":
        return "end"
    return "comma" if letter in ",;:-—" else "gap"


def _spoken(phones: list[Phone], voice: Voice, pace: float, chance: np.random.Generator) -> Samples:
    lengths = [max(64, frames(phone.seconds / pace)) for phone in phones]
    turns = _intonation(lengths, voice, chance)
    out = np.zeros(sum(lengths), np.float32)
    start = 0
    for phone, length in zip(phones, lengths, strict=True):
        out[start : start + length] += _sounded(phone, voice, turns[start : start + length], chance)
        start += length
    return out


def _intonation(
    lengths: list[int], voice: Voice, chance: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where in its period the voice is at every sample, its pitch sinking through the sentence."""
    ends = np.cumsum(lengths)
    sinking = np.linspace(1.12, 0.86, len(ends))
    pitch = voice.hertz * sinking * (1 + voice.liveliness * chance.standard_normal(len(ends)))
    contour = np.interp(np.arange(ends[-1]), ends, pitch)
    return (np.cumsum(contour / RATE) * PERIOD).astype(np.int64) & (PERIOD - 1)


def _sounded(
    phone: Phone, voice: Voice, turns: np.ndarray[tuple[int], np.dtype[np.int64]], chance: np.random.Generator
) -> Samples:
    count = len(turns)
    if phone.kind in {"vowel", "hum"}:
        harmonics = spectrum(phone.vowel, round(voice.hertz), voice.size)
        strength = 0.3 if phone.kind == "vowel" else 0.16
        return wave(harmonics, voice.hertz)[turns] * np.float32(strength) * _swell(count)
    if phone.kind == "hiss":
        noise = np.diff(chance.standard_normal(count + 1, dtype=np.float32))
        return noise * np.float32(0.035) * _swell(count)
    if phone.kind == "stop":
        burst = np.zeros(count, np.float32)
        tail = count // 3
        burst[-tail:] = chance.standard_normal(tail, dtype=np.float32) * ramp(tail)[::-1] * np.float32(0.09)
        return burst
    return np.zeros(count, np.float32)


def _swell(count: int) -> Samples:
    """In and out, so that neighbours melt into each other."""
    edge = min(count // 2, frames(0.025))
    shape = np.ones(count, np.float32)
    shape[:edge], shape[-edge:] = ramp(edge), ramp(edge)[::-1]
    return shape
