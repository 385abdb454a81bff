"""Tags that writers of MP3 put before, between and after the frames."""

from __future__ import annotations

from typing import Final

from services.artifacts.domain.audio.tape import Parse, Skip, exactly
from services.artifacts.domain.audio.unfit import NotAudio

ID3: Final = b"ID3"
ID3_HEADER: Final = 10
ID3V1: Final = b"TAG"
ID3V1_BYTES: Final = 128
_ID3V1_MORE: Final = b"TAG+"
_ID3V1_MORE_BYTES: Final = 227
APE: Final = b"APETAGEX"
APE_HEADER: Final = 32
_APE_IS_HEADER: Final = 0x20
_LYRICS: Final = b"LYRICSBEGIN"
_LYRICS_END: Final = (b"LYRICSEND", b"LYRICS200")
_MOST_LYRICS: Final = 64 * 1024
_FOOTER: Final = 0x10
MOST_TAGS: Final = 100
"""In a row; more of them are a way to keep us busy."""


def id3_length(header: bytes) -> int:
    """The bytes of an ID3v2 tag that begins with these ten, all included; 0 where none begins."""
    if len(header) < ID3_HEADER or not header.startswith(ID3) or max(header[6:10]) > 0x7F:  # noqa: PLR2004
        return 0
    size = header[6] << 21 | header[7] << 14 | header[8] << 7 | header[9]
    return ID3_HEADER + size + (ID3_HEADER if header[5] & _FOOTER else 0)


def ape_length(header: bytes) -> int:
    """The bytes of an APE tag that begins with these 32, all included; 0 where none begins.

    A tag's last 32 bytes look almost like its first: where a tag ends, they are all there is.
    """
    if len(header) < APE_HEADER or not header.startswith(APE):
        return 0
    is_header = header[23] & _APE_IS_HEADER
    return APE_HEADER + (int.from_bytes(header[12:16], "little") if is_header else 0)


def past_tags(size: int) -> Parse[bytes]:
    """The next ``size`` bytes behind any tags."""
    window = yield from exactly(size)
    for _ in range(MOST_TAGS):
        if not (yield from passed_tag(window)):
            return window
        window = yield from exactly(size)
    raise NotAudio("there are more tags than anybody writes")


def passed_tag(begun: bytes) -> Parse[bool]:
    """Pass the ID3v2 or APEv2 tag whose first bytes were ``begun``; False when it is none of them."""
    if begun.startswith(ID3):
        header = begun + (yield from exactly(ID3_HEADER - len(begun)))
        yield Skip(max(0, id3_length(header) - ID3_HEADER))
        return True
    if begun.startswith(APE[: len(begun)]):
        header = begun + (yield from exactly(APE_HEADER - len(begun)))
        yield Skip(max(0, ape_length(header) - APE_HEADER))
        return True
    return False


def passed_last_tag(begun: bytes) -> Parse[bool]:
    """Pass the ID3v1 or Lyrics3 tag whose first bytes were ``begun``: they come behind the last frame."""
    if begun.startswith(ID3V1):
        length = _ID3V1_MORE_BYTES if begun.startswith(_ID3V1_MORE) else ID3V1_BYTES
        yield Skip(length - len(begun))
        return True
    if begun.startswith(_LYRICS[: len(begun)]):
        end = b""
        for _ in range(_MOST_LYRICS):
            end = end[1 - len(_LYRICS_END[0]) :] + (yield from exactly(1))
            if end in _LYRICS_END:
                return True
        raise NotAudio("the lyrics in a tag have no end")
    return False
