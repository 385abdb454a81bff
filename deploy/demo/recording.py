"""The audio that was paid for, kept and checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

TOLERANCE_SECONDS = 1.0


class NotTheAudio(Exception):
    """What was downloaded is not what the job promised."""


@dataclass(frozen=True)
class Recording:
    """A file on disk that decodes to ``seconds`` of sound."""

    path: Path
    seconds: float
    sample_rate: int
    channels: int
    loudness: float
    """Root mean square, from 0 to 1."""


def keep(data: bytes, result: dict[str, Any], path: Path, asked_seconds: int) -> Recording:
    """Write the audio down, once hash, length, sound and duration are what was promised."""
    if len(data) != result["bytes"] or hashlib.sha256(data).hexdigest() != result["sha256"]:
        raise NotTheAudio("the download differs from the result's length or SHA-256")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    seconds, loudness = len(samples) / rate, float(np.sqrt(np.mean(samples**2)))
    if abs(seconds - asked_seconds) > TOLERANCE_SECONDS:
        raise NotTheAudio(f"{seconds:.2f} s were decoded, {asked_seconds} s were asked for")
    if loudness == 0:
        raise NotTheAudio("it is silent")
    return Recording(path, seconds, rate, samples.shape[1], loudness)
