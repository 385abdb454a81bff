"""Real audio, made by encoders that are not ours."""

import io
import struct
from functools import cache

import numpy
import soundfile

from services.artifacts.domain.audio.mp3 import frame_header
from tests.unit.services.artifacts.hand_made import AAC_RATE, AAC_SAMPLES, aac_file

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
    "mp3-bare": {
        "format": "MP3",
        "subtype": "MPEG_LAYER_III",
        "bitrate_mode": "CONSTANT",
        "compression_level": 0.65,  # 128 kbit/s: every third 64 KiB end where a frame does
    },
    "wav": {"format": "WAV", "subtype": "PCM_16"},
    "wav-float": {"format": "WAV", "subtype": "FLOAT"},
    "wav-extensible": {"format": "WAVEX", "subtype": "PCM_24"},
    "flac": {"format": "FLAC", "subtype": "PCM_16"},
    "flac-24": {"format": "FLAC", "subtype": "PCM_24"},
    "ogg-vorbis": {"format": "OGG", "subtype": "VORBIS"},
    "ogg-opus": {"format": "OGG", "subtype": "OPUS"},
}
OPEN_ENDED = ("mp3-bare", "wav-open", "flac-open", "aac")
"""Files in which nothing says how much there should be."""
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
    return without_its_note(file.getvalue()) if encoding == "mp3-bare" else file.getvalue()


def without_its_note(song: bytes) -> bytes:
    """An MP3 as its encoder writes it into a pipe: without the first frame, which tells how many there are."""
    frame = frame_header(song[:4])
    assert frame is not None
    assert b"Info" in song[: frame.length] or b"Xing" in song[: frame.length]
    return song[frame.length :]


@cache
def open_ended_file(name: str, seconds: float) -> bytes:
    """One of :data:`OPEN_ENDED`."""
    if name == "aac":
        return aac_file(round(seconds * AAC_RATE / AAC_SAMPLES))
    if name == "wav-open":
        return wav_announcing(audio_file("wav", seconds), 0xFFFF_FFFF)
    if name == "flac-open":
        song = bytearray(audio_file("flac", seconds))
        song[21] &= 0xF0
        song[22:26] = bytes(4)
        return bytes(song)
    return audio_file(name, seconds)


def wav_announcing(song: bytes, size: int) -> bytes:
    """A WAV file that claims to have so many bytes of samples."""
    at = song.index(b"data") + 4
    return song[:at] + struct.pack("<I", size) + song[at + 4 :]
