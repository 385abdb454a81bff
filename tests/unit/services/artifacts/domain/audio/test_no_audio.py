"""What is no audio is told from audio, whatever it calls itself, and nothing crashes a parser."""

import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.artifacts.domain.audio.unfit import Reason
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.hand_made import aac_file, id3_tag, m4a_file, track
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
