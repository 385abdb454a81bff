"""Formats and corners that the encoders at hand do not reach."""

import struct
from datetime import timedelta

import pytest

from services.artifacts.domain.audio.unfit import Reason
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.hand_made import AAC_RATE, AAC_SAMPLES, aac_file, box, id3_tag, m4a_file, track
from tests.unit.services.artifacts.listening import listen, reason

SOUND = track(b"soun", scale=44_100, length=441_000)
TEN = timedelta(seconds=10)


@pytest.mark.parametrize("blocks", [1, 2])
def test_aac_sounds_as_long_as_its_frames(blocks: int) -> None:
    assert listen(aac_file(430, blocks=blocks)) == timedelta(seconds=430 * blocks * AAC_SAMPLES / AAC_RATE)


def test_aac_that_ends_within_a_frame_is_truncated() -> None:
    song, frame = aac_file(10), len(aac_file(1))
    assert [cut for cut in range(1, len(song)) if reason(song[:cut]) is not Reason.TRUNCATED] == [
        *range(1, 7),  # too little to be recognised
        *range(frame, len(song), frame),  # nothing tells how many frames there should be
    ]


@pytest.mark.parametrize("description_first", [True, False])
def test_m4a_sounds_as_long_as_its_track(description_first: bool) -> None:
    assert listen(m4a_file(SOUND, description_first=description_first)) == TEN


def test_m4a_with_large_times_sounds_as_long_as_its_track() -> None:
    assert listen(m4a_file(track(b"soun", scale=44_100, length=441_000, version=1))) == TEN


@pytest.mark.parametrize("description_first", [True, False])
def test_m4a_cut_anywhere_is_truncated(description_first: bool) -> None:
    data = m4a_file(SOUND, sound=2000, description_first=description_first)
    assert {cut for cut in range(40, len(data), 13) if reason(data[:cut]) is not Reason.TRUNCATED} == set()


def test_m4a_cut_between_its_description_and_its_sound_is_truncated() -> None:
    data = m4a_file(SOUND)
    assert reason(data[: data.index(b"mdat") - 4]) is Reason.TRUNCATED


def test_m4a_may_have_a_box_of_64_bit_size() -> None:
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 500) + bytes(500)
    data = m4a_file(SOUND, sound=0)
    assert listen(data + large) == TEN
    assert reason(data + large[:-1]) is Reason.TRUNCATED


def test_m4a_whose_sound_has_no_length_is_refused() -> None:
    assert reason(m4a_file(track(b"soun", scale=0, length=0))) is Reason.NOT_AUDIO
    assert reason(m4a_file()) is Reason.NOT_AUDIO


def test_m4a_with_a_description_of_many_mebibytes_is_refused() -> None:
    data = box(b"ftyp", b"M4A \0\0\0\0") + struct.pack(">I4s", 3 * 1024 * 1024, b"moov")
    assert reason(data) is Reason.NOT_AUDIO


@pytest.mark.parametrize("footer", [False, True])
@pytest.mark.parametrize("size", [0, 100, 300_000])
def test_mp3_may_follow_a_tag_of_any_size(size: int, footer: bool) -> None:
    song = audio_file("mp3-vbr")
    assert listen(id3_tag(size, footer=footer) + song) == listen(song)


def test_mp3_may_follow_two_tags_and_padding() -> None:
    song = audio_file("mp3-vbr")
    assert listen(id3_tag(50) + id3_tag(70) + bytes(500) + song) == listen(song)


@pytest.mark.parametrize(
    "trailer",
    [b"TAG" + bytes(125), b"APETAGEX" + struct.pack("<IIII", 2000, 332, 1, 0) + bytes(8) + bytes(332), id3_tag(500)],
    ids=["ID3v1", "APE", "ID3v2"],
)
def test_mp3_may_end_with_a_tag(trailer: bytes) -> None:
    song = audio_file("mp3-cbr")
    assert listen(song + trailer) == listen(song)


def test_flac_may_follow_a_tag() -> None:
    song = audio_file("flac")
    assert listen(id3_tag(100) + song) == listen(song)


def test_wav_whose_writer_left_its_length_open_sounds_to_its_end() -> None:
    song = bytearray(audio_file("wav"))
    at = song.index(b"data") + 4
    song[at : at + 4] = b"\xff\xff\xff\xff"
    assert listen(bytes(song)) == TEN


def test_wav_may_go_on_behind_its_samples() -> None:
    song = audio_file("wav")
    note = b"LIST" + struct.pack("<I", 5) + b"INFOx\0"
    assert listen(song + note) == TEN
    assert reason(song + note[:-3]) is Reason.TRUNCATED


def test_wav_with_samples_before_their_format_is_refused() -> None:
    assert reason(b"RIFF\0\0\0\0WAVEdata\4\0\0\0abcd") is Reason.NOT_AUDIO


def test_ogg_streams_one_after_another_sound_as_long_as_all_of_them() -> None:
    song = audio_file("ogg-vorbis", 3.0)
    heard = listen(song)
    assert isinstance(heard, timedelta)
    assert listen(song + song) == 2 * heard


def test_ogg_with_a_page_missing_is_truncated() -> None:
    song = audio_file("ogg-vorbis")
    pages = [index for index in range(len(song)) if song.startswith(b"OggS", index)]
    assert reason(song[: pages[4]] + song[pages[5] :]) is Reason.TRUNCATED


def test_ogg_without_its_last_page_is_truncated() -> None:
    song = audio_file("ogg-opus")
    assert reason(song[: song.rindex(b"OggS")]) is Reason.TRUNCATED
