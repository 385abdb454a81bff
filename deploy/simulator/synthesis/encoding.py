"""Samples in, a file's bytes out."""

from __future__ import annotations

import io
from typing import Any, Final

import soundfile

from deploy.simulator.synthesis.signal import RATE, Sound

_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "mp3": {
        "format": "MP3",
        "subtype": "MPEG_LAYER_III",
        "bitrate_mode": "VARIABLE",
        "compression_level": 0.7,
    },
    "wav": {"format": "WAV", "subtype": "PCM_16"},
    "flac": {"format": "FLAC", "subtype": "PCM_16"},
}


def encode(sound: Sound, audio_format: str) -> bytes:
    """The sound as one MP3, WAV or FLAC file, 16 bits where that has a meaning."""
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", RATE, sound.channels, **_FORMATS[audio_format]) as writer:
        for block in sound.blocks:
            writer.write(block)
    return file.getvalue()
