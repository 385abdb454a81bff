"""Files of formats that no encoder at hand makes, built from their specifications."""

import struct

AAC_RATE = 44_100
AAC_SAMPLES = 1024


def aac_file(frames: int = 430, *, blocks: int = 1) -> bytes:
    """An ADTS stream of silent frames of 44.1 kHz in stereo."""
    payload = bytes(200)
    length = 7 + len(payload)
    header = bytes(
        [
            0xFF,
            0xF1,
            1 << 6 | 4 << 2,
            2 << 6 | length >> 11,
            length >> 3 & 0xFF,
            (length & 7) << 5 | 0x1F,
            0xFC | blocks - 1,
        ]
    )
    return (header + payload) * frames


def box(name: bytes, content: bytes) -> bytes:
    """One box of MP4."""
    return struct.pack(">I4s", 8 + len(content), name) + content


def track(
    kind: bytes, *, scale: int, length: int, version: int = 0, sound: int = 100, summed: int | None = None
) -> bytes:
    """The description of one track of ``sound`` bytes; ``summed`` is the length by its table of times."""
    dates = struct.pack(">QQ" if version else ">II", 0, 0)
    times = struct.pack(">IQ" if version else ">II", scale, length)
    media_header = box(b"mdhd", bytes([version, 0, 0, 0]) + dates + times + bytes(4))
    handler = box(b"hdlr", bytes(8) + kind + bytes(13))
    times_table = struct.pack(">IIII", 0, 1, 1, min(length if summed is None else summed, 2**32 - 1))
    sizes_table = struct.pack(">IIIII", 0, 0, 2, sound // 2, sound - sound // 2)
    table = box(b"minf", box(b"stbl", box(b"stts", times_table) + box(b"stsz", sizes_table)))
    return box(b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", media_header + handler + table))


def m4a_file(*tracks: bytes, sound: int = 100_000, description_first: bool = True) -> bytes:
    """An MP4 file with these tracks (or other parts of its description)."""
    moov = box(b"moov", box(b"mvhd", bytes(100)) + b"".join(tracks))
    mdat = box(b"mdat", bytes(sound))
    body = moov + mdat if description_first else mdat + moov
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + body


def id3_tag(content: int, *, footer: bool = False) -> bytes:
    """An ID3v2 tag of so many bytes of content."""
    sizes = bytes(content >> shift & 0x7F for shift in (21, 14, 7, 0))
    head = b"\4\0" + (b"\x10" if footer else b"\0") + sizes
    return b"ID3" + head + bytes(content) + (b"3DI" + head if footer else b"")


def wav_file(
    samples: bytes,
    *,
    bits: int,
    rate: int,
    tag: int = 1,
    block: int | None = None,
    bytes_per_second: int | None = None,
    before: bytes = b"",
    announced: int | None = None,
) -> bytes:
    """A WAV file of one channel, with the chunks ``before`` its samples, which is not padded."""
    width = bits // 8 if block is None else block
    speed = rate * width if bytes_per_second is None else bytes_per_second
    format_chunk = b"fmt " + struct.pack("<IHHIIHH", 16, tag, 1, rate, speed, width, bits)
    size = len(samples) if announced is None else announced
    chunks = format_chunk + before + b"data" + struct.pack("<I", size) + samples
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) & 0xFFFF_FFFF) + b"WAVE" + chunks
