"""The formats that may be kept, recognised by what they are and never by what they are called."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from services.artifacts.domain.audio import aac as adts
from services.artifacts.domain.audio import mp3 as mpeg
from services.artifacts.domain.audio.aac import aac
from services.artifacts.domain.audio.flac import flac
from services.artifacts.domain.audio.m4a import m4a
from services.artifacts.domain.audio.mp3 import mp3
from services.artifacts.domain.audio.ogg import ogg
from services.artifacts.domain.audio.tags import APE_HEADER, ID3_HEADER, ape_length, id3_length
from services.artifacts.domain.audio.tape import Parser
from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.audio.wav import wav

OPENING: Final = 64 * 1024
"""Bytes that are enough to recognise a format."""

_COMPRESSED: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")


class Format(Enum):
    """What a file is: the content type it is served under, and the end of its name."""

    MP3 = ("audio/mpeg", "mp3", mp3)
    WAV = ("audio/wav", "wav", wav)
    FLAC = ("audio/flac", "flac", flac)
    OGG = ("audio/ogg", "ogg", ogg)
    AAC = ("audio/aac", "aac", aac)
    M4A = ("audio/mp4", "m4a", m4a)

    def __init__(self, content_type: str, extension: str, parser: Callable[[], Parser]) -> None:
        self.content_type = content_type
        self.extension = extension
        self.parser = parser


_TAGGED: Final = (Format.MP3, Format.AAC, Format.FLAC)
"""Formats that writers put behind a tag of MP3's."""


def recognise(opening: bytes) -> Format | Unfit:
    """The format of a body that begins like this (its first :data:`OPENING` bytes, or all it has)."""
    tag = _tags(opening)
    if tag >= len(opening) > 0:  # more of a tag than we see: nothing but MP3 has such
        return Format.MP3
    found = _format(opening[tag:])
    if found is not None and (not tag or found in _TAGGED):
        return found
    if opening.startswith(_COMPRESSED):
        return Unfit(Reason.COMPRESSED, "the provider sent something compressed")
    if not opening:
        return Unfit(Reason.NOT_AUDIO, "the provider sent nothing")
    return Unfit(Reason.NOT_AUDIO, "what the provider sent is no audio in a format that we know")


def _tags(opening: bytes) -> int:
    """The bytes of the tags that a body begins with."""
    end = 0
    while length := id3_length(opening[end : end + ID3_HEADER]) or ape_length(opening[end : end + APE_HEADER]):
        end += length
    return end


def _format(head: bytes) -> Format | None:
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return Format.WAV
    if head[:4] == b"fLaC":
        return Format.FLAC
    if head[:4] == b"OggS":
        return Format.OGG
    if head[4:8] == b"ftyp":
        return Format.M4A
    if adts.frame_header(head):
        return Format.AAC
    return Format.MP3 if mpeg.frame_header(head.lstrip(b"\0")[:4]) else None
