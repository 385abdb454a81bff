"""Files in which nothing says how much there should be: cut between two frames they look whole, only shorter."""

from datetime import timedelta

import pytest

from services.artifacts.domain.audio.frames import FrameHeader
from services.artifacts.domain.audio.mp3 import frame_header as mp3_header
from services.artifacts.domain.audio.tape import Heard
from services.artifacts.domain.audio.unfit import Reason
from tests.unit.services.artifacts.audio_files import (
    ENCODINGS,
    OPEN_ENDED,
    audio_file,
    open_ended_file,
    wav_announcing,
)
from tests.unit.services.artifacts.hand_made import aac_file
from tests.unit.services.artifacts.listening import PIECE, listen, played, reason, verdict

TWENTY = timedelta(seconds=20)
MILLIS_100 = timedelta(milliseconds=100)
BAD_GATEWAY = b"<html><body><h1>502 Bad Gateway</h1>upstream reset</body></html>"
APE_TAG = (
    b"APETAGEX"
    + bytes([208, 7, 0, 0, 76, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xA0])
    + bytes(8 + 300)
    + (b"APETAGEX" + bytes([208, 7, 0, 0, 76, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x80]) + bytes(8))
)
LYRICS = b"LYRICSBEGININD0000210LYR00011la la la la000035LYRICS200"
ID3V1 = b"TAG" + b"Title".ljust(125)


def frame_ends(song: bytes, header: FrameHeader) -> list[int]:
    """Where a song can be cut without cutting a frame."""
    ends, at = [], 0
    while at < len(song):
        frame = header(song[at : at + 4])
        assert frame is not None
        at += frame.length
        ends.append(at)
    return ends


@pytest.mark.parametrize("name", OPEN_ENDED)
def test_what_is_whole_is_heard_whole_but_nothing_proves_its_end(name: str) -> None:
    song = open_ended_file(name, 20.0)
    heard = played(song)
    assert isinstance(heard, Heard)
    assert abs(heard.duration - TWENTY) < MILLIS_100
    assert not heard.end_is_proven
    assert verdict(song, TWENTY) is None
    assert verdict(song, None) is None


@pytest.mark.parametrize("encoding", sorted(set(ENCODINGS) - set(OPEN_ENDED)))
def test_what_says_how_much_there_should_be_proves_its_end(encoding: str) -> None:
    heard = played(audio_file(encoding))
    assert isinstance(heard, Heard)
    assert heard.end_is_proven


@pytest.mark.parametrize("asked", [TWENTY, None])
@pytest.mark.parametrize("name", OPEN_ENDED)
def test_cut_after_any_64_kib_it_is_not_kept(name: str, asked: timedelta | None) -> None:
    song = open_ended_file(name, 20.0)
    cuts = range(PIECE, len(song), PIECE)
    assert len(cuts) > 1
    assert {cut for cut in cuts if verdict(song[:cut], asked) is None} == set()


def test_cut_after_any_frame_but_the_last_few_it_is_truncated() -> None:
    song = audio_file("mp3-bare", 20.0)
    ends = frame_ends(song, mp3_header)
    missed = [cut for cut in ends[:: len(ends) // 100] if verdict(song[:cut], TWENTY) is None]
    assert all(cut > 0.94 * len(song) for cut in missed)


@pytest.mark.parametrize("junk", [BAD_GATEWAY, BAD_GATEWAY * 30, b"\r\n", b"x"], ids=len)
@pytest.mark.parametrize("name", ["mp3-bare", "aac"])
def test_something_else_behind_the_last_frame_is_no_end(name: str, junk: bytes) -> None:
    assert reason(open_ended_file(name, 3.0) + junk) is Reason.TRUNCATED


@pytest.mark.parametrize(
    "trailer",
    [b"", ID3V1, b"TAG+" + bytes(223) + ID3V1, APE_TAG, APE_TAG + ID3V1, LYRICS + ID3V1, bytes(1), bytes(3000)],
    ids=["nothing", "ID3v1", "enhanced ID3v1", "APE", "APE and ID3v1", "lyrics", "a zero", "zeros"],
)
@pytest.mark.parametrize("name", ["mp3-bare", "aac"])
def test_tags_and_zeros_may_follow_the_last_frame(name: str, trailer: bytes) -> None:
    song = open_ended_file(name, 3.0)
    assert listen(song + trailer) == listen(song)


def test_frames_beyond_the_noted_ones_prove_no_end() -> None:
    heard = played(audio_file("mp3-cbr", 3.0) + audio_file("mp3-bare", 3.0))
    assert isinstance(heard, Heard)
    assert not heard.end_is_proven


@pytest.mark.parametrize("size", [0, 0x7FFF_FFFF, 0x8000_0000, 0x7FFF_F000, 0xFFFF_FFDB, 0xFFFF_FFFF, 201 * 2**20])
def test_wav_of_any_length_that_stands_for_an_unknown_one_sounds_to_its_end(size: int) -> None:
    song = wav_announcing(audio_file("wav", 20.0), size)
    assert played(song) == Heard(TWENTY, end_is_proven=False)
    assert verdict(song, TWENTY) is None


def test_wav_of_unknown_length_may_be_padded_but_not_end_within_a_sample() -> None:
    song = wav_announcing(audio_file("wav", 3.0), 0)
    assert reason(song[:-1]) is Reason.TRUNCATED
    assert reason(song[:-2]) is Reason.TRUNCATED
    assert listen(song + b"\0") == listen(song)


def test_wav_that_ends_with_the_head_of_its_samples_has_no_length() -> None:
    song = wav_announcing(audio_file("wav", 3.0), 0)
    assert verdict(song[: song.index(b"data") + 8], None) is Reason.WRONG_DURATION


def test_one_aac_frame_alone_is_no_song() -> None:
    assert verdict(aac_file(1), None) is Reason.WRONG_DURATION
