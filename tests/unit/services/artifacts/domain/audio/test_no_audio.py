"""What is no audio is told from audio, whatever it calls itself, and nothing crashes a parser."""

import gzip
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.artifacts.domain.audio.formats import OPENING, Format, recognise
from services.artifacts.domain.audio.tape import Ask, Heard, Parser, Tape
from services.artifacts.domain.audio.unfit import Reason
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.hand_made import aac_file, box, id3_tag, m4a_file, track, wav_file
from tests.unit.services.artifacts.listening import PIECE, listen, reason

HTML = b"<!doctype html><html><body>502 Bad Gateway</body></html>"
BEGINNINGS = (
    b"",
    b"RIFF\0\0\0\0WAVE",
    b"fLaC",
    b"OggS\0\2",
    b"\0\0\0\x18ftypM4A ",
    b"\xff\xfb\x90\x64",
    b"\xff\xf1\x50\x80",
    b"ID3\4\0\0\0\0\0\5",
)


@pytest.mark.parametrize(
    "body",
    [b"", b"\0", HTML, b'{"status": "PROCESSING"}', b"%PDF-1.7", bytes(100_000), random.Random(1).randbytes(300_000)],
    ids=["nothing", "one byte", "a web page", "JSON", "a PDF", "zeros", "noise"],
)
def test_what_is_no_audio_is_refused(body: bytes) -> None:
    assert reason(body) is Reason.NOT_AUDIO


def test_compressed_audio_is_called_compressed() -> None:
    assert reason(gzip.compress(audio_file("wav"))) is Reason.COMPRESSED


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_noise_behind_a_good_beginning_is_refused(beginning: bytes) -> None:
    noise = random.Random(2).randbytes(200_000)
    assert reason(beginning + noise) is not None


def test_a_web_page_behind_half_a_song_is_refused() -> None:
    song = audio_file("mp3-cbr")
    assert reason(song[: len(song) // 2] + HTML * 2000) is not None


def test_a_film_is_no_audio() -> None:
    film = m4a_file(track(b"vide", scale=1000, length=5000), track(b"soun", scale=1000, length=5000))
    assert reason(film) is Reason.NOT_AUDIO


def test_a_tag_alone_is_no_audio() -> None:
    assert reason(id3_tag(1000)) is not None
    assert reason(id3_tag(200_000)) is not None
    assert reason(id3_tag(1000) + audio_file("wav", 0.5)) is Reason.NOT_AUDIO


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=4096), st.integers(1, 4096))
def test_no_bytes_break_a_parser_and_their_pieces_do_not_matter(beginning: bytes, rest: bytes, piece: int) -> None:
    assert listen(beginning + rest, piece) == listen(beginning + rest)


MUTANTS = {
    "mp3": audio_file("mp3-vbr", 0.5),
    "flac": audio_file("flac", 0.5),
    "ogg": audio_file("ogg-vorbis", 0.5),
    "wav": audio_file("wav", 0.5),
    "aac": aac_file(20),
    "m4a": m4a_file(track(b"soun", scale=1000, length=5000), sound=100),
}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(MUTANTS)), st.data())
def test_no_damage_breaks_a_parser(name: str, data: st.DataObject) -> None:
    body = bytearray(MUTANTS[name])
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, min(len(body) - 1, 600)))] = data.draw(st.integers(0, 255))
    listen(bytes(body), PIECE)


NUMBERS = (0, 1, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(MUTANTS)), st.data())
def test_no_number_breaks_a_parser(name: str, data: st.DataObject) -> None:
    body = bytearray(MUTANTS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        form = data.draw(st.sampled_from(["<H", ">H", "<I", ">I", "<Q", ">Q"]))
        width = struct.calcsize(form)
        at = data.draw(
            st.integers(0, min(len(body), 600) - width) | st.integers(max(0, len(body) - 600), len(body) - width)
        )
        body[at : at + width] = struct.pack(form, data.draw(st.sampled_from(NUMBERS)) % 256**width)
    listen(bytes(body), PIECE)


def test_a_position_beyond_all_time_is_refused() -> None:
    song = bytearray(audio_file("ogg-vorbis", 0.5))
    last = song.rindex(b"OggS")
    song[last + 6 : last + 14] = struct.pack("<q", 2**62)
    assert reason(bytes(song)) is Reason.NOT_AUDIO


def test_a_track_beyond_all_time_is_refused() -> None:
    description = track(b"soun", scale=1, length=2**63, version=1)
    entry = struct.pack(">II", 1, 2**32 - 1)
    assert reason(m4a_file(description.replace(entry, struct.pack(">II", 2**32 - 1, 2**32 - 1)))) is Reason.NOT_AUDIO


def test_a_frame_beyond_all_time_is_refused() -> None:
    info = struct.pack(">HH", 65535, 65535) + bytes(6) + b"\0\0\x10" + bytes(21)
    frame = bytes.fromhex("fff87008febfbfbfbfbfbfffff183bad")
    assert reason(b"fLaC\x80\0\0\x22" + info + frame) is Reason.NOT_AUDIO


OPUS = audio_file("ogg-opus", 0.5)
OPUS_HEAD = OPUS[: OPUS.index(b"OggS", 1)]


def empty_page(number: int) -> bytes:
    """A page of the stream of :data:`OPUS_HEAD` without payload."""
    return b"OggS" + bytes(10) + OPUS_HEAD[14:18] + struct.pack("<I", number) + bytes(5)


def noting(parser: Parser, asks: list[Ask]) -> Parser:
    """The same parser, with everything noted that it asks for."""
    try:
        ask = next(parser)
        while True:
            asks.append(ask)
            ask = parser.send((yield ask))
    except StopIteration as end:
        heard: Heard = end.value
        return heard


@pytest.mark.parametrize(
    "units",
    [
        wav_file(b"", bits=8, rate=8000)[:36] + b"LIST\0\0\0\0" * 8192,
        wav_file(b"abcd", bits=8, rate=8000) + b"LIST\0\0\0\0" * 8192,
        b"ID3\4\0\0\0\0\0\0" * 5000 + audio_file("mp3-cbr", 0.5),
        audio_file("mp3-cbr", 0.5) + b"ID3\4\0\0\0\0\0\0" * 6554,
        m4a_file() + box(b"free", b"") * 8192,
        m4a_file(box(b"free", b"") * 8192),
        OPUS_HEAD + b"".join(empty_page(number) for number in range(1, 2400)),
    ],
    ids=["chunks before", "chunks behind", "tags before", "tags behind", "boxes", "boxes in a box", "pages"],
)
def test_thousands_of_empty_units_keep_no_parser_busy(units: bytes) -> None:
    found = recognise(units[:OPENING])
    assert isinstance(found, Format)
    asks: list[Ask] = []
    tape = Tape(noting(found.parser(), asks))
    tape.feed(units)
    tape.end()
    assert len(asks) < 1500
