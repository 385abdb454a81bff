"""Tags that writers of MP3 put before, between and after the frames."""

from __future__ import annotations

from typing import Final

from services.artifacts.domain.audio.tape import Parse, Skip, exactly

ID3: Final = b"ID3"
ID3_HEADER: Final = 10
_APE: Final = b"APET"
_APE_HEADER: Final = 32
_FOOTER: Final = 0x10


def id3_length(header: bytes) -> int:
    """The bytes of an ID3v2 tag that begins with these ten, all included; 0 where none begins."""
    if len(header) < ID3_HEADER or not header.startswith(ID3) or max(header[6:10]) > 0x7F:  # noqa: PLR2004
        return 0
    size = header[6] << 21 | header[7] << 14 | header[8] << 7 | header[9]
    return ID3_HEADER + size + (ID3_HEADER if header[5] & _FOOTER else 0)


def passed_tag(begun: bytes) -> Parse[bool]:
    """Pass the ID3v2 or APEv2 tag whose first bytes were ``begun``; False when it is none of them."""
    if begun.startswith(ID3):
        header = begun + (yield from exactly(ID3_HEADER - len(begun)))
        yield Skip(max(0, id3_length(header) - ID3_HEADER))
        return True
    if begun.startswith(_APE):
        header = begun + (yield from exactly(_APE_HEADER - len(begun)))
        yield Skip(int.from_bytes(header[12:16], "little"))
        return True
    return False
