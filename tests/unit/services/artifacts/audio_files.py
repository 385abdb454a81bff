"""Real audio, made by encoders that are not ours."""

import io
from functools import cache

import numpy
import soundfile

_BLOCK = 4096  # libsndfile's Vorbis encoder crashes on writes that are much larger

ENCODINGS: dict[str, dict[str, str | float]] = {
    "mp3-vbr": {
        "format": "MP3",
        "subtype": "MPEG_LAYER_III",
        "bitrate_mode": "VARIABLE",
        "compression_level": 0.7,
    },
    "mp3-cbr": {
        "format": "MP3",
        "subtype": "MPEG_LAYER_III",
        "bitrate_mode": "CONSTANT",
        "compression_level": 0.5,
    },
    "wav": {"format": "WAV", "subtype": "PCM_16"},
    "wav-float": {"format": "WAV", "subtype": "FLOAT"},
    "wav-extensible": {"format": "WAVEX", "subtype": "PCM_24"},
    "flac": {"format": "FLAC", "subtype": "PCM_16"},
    "flac-24": {"format": "FLAC", "subtype": "PCM_24"},
    "ogg-vorbis": {"format": "OGG", "subtype": "VORBIS"},
    "ogg-opus": {"format": "OGG", "subtype": "OPUS"},
}
CONTENT_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg"}


def content_type(encoding: str) -> str:
    """What a file in that encoding is served as."""
    return CONTENT_TYPES[encoding.partition("-")[0]]


@cache
def audio_file(encoding: str, seconds: float = 10.0, channels: int = 2, rate: int = 48_000) -> bytes:
    """A chord with some noise in it, so that it does not compress to nothing."""
    times = numpy.arange(int(seconds * rate)) / rate
    chord = sum(numpy.sin(2 * numpy.pi * pitch * times) for pitch in (220.0, 277.2, 329.6)) / 8
    noise = numpy.random.default_rng(7).standard_normal(len(times)) / 20
    samples = numpy.stack([chord + noise] * channels, axis=1)
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, channels, **ENCODINGS[encoding]) as writer:
        for start in range(0, len(samples), _BLOCK):
            writer.write(samples[start : start + _BLOCK])
    return file.getvalue()
