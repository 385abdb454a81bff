"""The last frame of a FLAC file, found from behind and proven by its two checksums."""

from __future__ import annotations

import re
from typing import Final

_SYNC: Final = re.compile(rb"(?=\xff[\xf8\xf9])")
_CANDIDATES: Final = 8
"""Places that look like a frame's header and are looked at closely; real files need one or two."""
_LONGEST_HEADER: Final = 16
_VARIABLE: Final = 0x01
_BLOCKS: Final = {
    1: 192,
    **{code: 576 << (code - 2) for code in range(2, 6)},
    **{c: 256 << (c - 8) for c in range(8, 16)},
}
_BLOCK_IN_ONE_BYTE, _BLOCK_IN_TWO_BYTES = 6, 7
_RATE_BYTES: Final = {12: 1, 13: 2, 14: 2}


def last_sample(tail: bytes, block_size: int) -> int | None:
    """The number of samples up to the end of the frame that ends with ``tail``; None when none does."""
    looked_at = 0
    for match in reversed(list(_SYNC.finditer(tail))):
        header = _header(tail[match.start() : match.start() + _LONGEST_HEADER])
        if header is None:
            continue
        if _crc(tail[match.start() :], _CRC16, 16) == 0:
            variable, number, samples = header
            return (number if variable else number * block_size) + samples
        looked_at += 1
        if looked_at == _CANDIDATES:
            break
    return None


def _header(data: bytes) -> tuple[bool, int, int] | None:
    """Whether frames vary in size, the frame's number and its samples; None when this is no header."""
    if len(data) < _LONGEST_HEADER:
        data = data.ljust(_LONGEST_HEADER, b"\0")
    block_code, rate_code = data[2] >> 4, data[2] & 0x0F
    number, at = _coded_number(data, 4)
    if number is None or not block_code:
        return None
    if block_code in (_BLOCK_IN_ONE_BYTE, _BLOCK_IN_TWO_BYTES):
        width = block_code - 5
        samples = int.from_bytes(data[at : at + width], "big") + 1
        at += width
    else:
        samples = _BLOCKS[block_code]
    at += _RATE_BYTES.get(rate_code, 0)
    if _crc(data[: at + 1], _CRC8, 8):
        return None
    return bool(data[1] & _VARIABLE), number, samples


def _coded_number(data: bytes, at: int) -> tuple[int | None, int]:
    """A number written as UTF-8 writes characters, of up to 36 bits, and where it ends."""
    first = data[at]
    ones = 8 - (first ^ 0xFF).bit_length()
    if ones == 0:
        return first, at + 1
    if ones in (1, 8):
        return None, at
    number = first & (0x7F >> ones)
    for byte in data[at + 1 : at + ones]:
        if byte & 0xC0 != 0x80:  # noqa: PLR2004
            return None, at
        number = number << 6 | byte & 0x3F
    return number, at + ones


def _table(polynomial: int, width: int) -> tuple[int, ...]:
    top, mask = 1 << (width - 1), (1 << width) - 1
    table = []
    for byte in range(256):
        crc = byte << (width - 8)
        for _ in range(8):
            crc = (crc << 1 ^ (polynomial if crc & top else 0)) & mask
        table.append(crc)
    return tuple(table)


_CRC8: Final = _table(0x07, 8)
_CRC16: Final = _table(0x8005, 16)


def _crc(data: bytes, table: tuple[int, ...], width: int) -> int:
    crc, mask = 0, (1 << width) - 1
    for byte in data:
        crc = (crc << 8 & mask) ^ table[crc >> (width - 8) ^ byte]
    return crc
