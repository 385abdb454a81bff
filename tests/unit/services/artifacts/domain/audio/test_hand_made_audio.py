"""Formats and corners that the encoders at hand do not reach."""

import struct
from datetime import timedelta

import pytest

from services.artifacts.domain.audio.unfit import Reason
from tests.unit.services.artifacts.audio_files import audio_file
from tests.unit.services.artifacts.hand_made import (
    AAC_RATE,
    AAC_SAMPLES,
    aac_file,
    box,
    id3_tag,
    m4a_file,
    track,
    wav_file,
)
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


def test_m4a_with_a_track_described_in_many_mebibytes_is_refused() -> None:
    assert reason(m4a_file(box(b"trak", bytes(3 * 1024 * 1024)))) is Reason.NOT_AUDIO


def test_m4a_may_have_a_picture_of_many_mebibytes_beside_its_tracks() -> None:
    assert listen(m4a_file(SOUND, box(b"udta", bytes(5 * 1024 * 1024)))) == TEN


@pytest.mark.parametrize("sound", [0, 99])
@pytest.mark.parametrize("description_first", [True, False])
def test_m4a_with_less_sound_than_its_table_adds_up_to_is_truncated(description_first: bool, sound: int) -> None:
    data = m4a_file(SOUND, sound=sound, description_first=description_first)
    assert reason(data) is Reason.TRUNCATED


def test_m4a_of_two_lengths_sounds_as_long_as_the_shorter_one() -> None:
    assert listen(m4a_file(track(b"soun", scale=1000, length=60_000, summed=10_000))) == TEN
    assert listen(m4a_file(track(b"soun", scale=1000, length=10_000, summed=60_000))) == TEN


def test_the_last_box_of_m4a_may_reach_to_the_end_of_the_file() -> None:
    open_box = struct.pack(">I4s", 0, b"mdat")
    assert listen(m4a_file(SOUND, sound=0) + open_box + bytes(100)) == TEN
    assert reason(m4a_file(SOUND, sound=0) + open_box + bytes(99)) is Reason.TRUNCATED


def test_m4a_in_fragments_is_refused() -> None:
    data = m4a_file(SOUND, box(b"mvex", box(b"trex", bytes(24)))) + box(b"moof", bytes(100)) + box(b"mdat", bytes(500))
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


def test_mp3_may_follow_an_ape_tag() -> None:
    song = audio_file("mp3-vbr")
    tag = b"APETAGEX" + struct.pack("<IIII", 2000, 332, 1, 0xA000_0000) + bytes(8) + bytes(332)
    assert listen(tag + song) == listen(song)


def test_flac_may_follow_a_tag() -> None:
    song = audio_file("flac")
    assert listen(id3_tag(100) + song) == listen(song)


def test_flac_may_end_with_a_tag_but_not_within_it() -> None:
    song = audio_file("flac")
    tag = b"TAG" + b"Title".ljust(125)
    assert listen(song + tag) == listen(song)
    assert reason(song + tag[:-1]) is Reason.TRUNCATED


def test_wav_may_go_on_behind_its_samples() -> None:
    song = audio_file("wav")
    note = b"LIST" + struct.pack("<I", 5) + b"INFOx\0"
    assert listen(song + note) == TEN
    assert reason(song + note[:-3]) is Reason.TRUNCATED


@pytest.mark.parametrize("tail", [b"TAG" + b"Title".ljust(125), b"\xff" * 9, b"\xff" * 3, bytes(40)])
def test_anything_may_follow_all_the_samples_of_a_wav(tail: bytes) -> None:
    assert listen(audio_file("wav") + tail) == TEN


@pytest.mark.parametrize("padding", [b"", b"\0"])
def test_wav_of_an_odd_number_of_bytes_may_lack_its_padding(padding: bytes) -> None:
    note = b"LIST" + struct.pack("<I", 26) + b"INFOISFT\x0e\0\0\0Lavf58.20.100\0"
    assert listen(wav_file(bytes(8001), bits=8, rate=8000) + padding + note) == timedelta(seconds=8001 / 8000)


@pytest.mark.parametrize("tag", [1, 3, 6, 7])
def test_wav_sounds_as_long_as_its_samples_whatever_it_says_of_bytes_a_second(tag: int) -> None:
    song = wav_file(bytes(80_000), tag=tag, bits=8, rate=8000, bytes_per_second=100)
    assert listen(song) == TEN


def test_wav_whose_samples_are_wider_than_their_block_is_refused() -> None:
    assert reason(wav_file(bytes(80_000), bits=16, rate=8000, block=1)) is Reason.NOT_AUDIO
    assert reason(wav_file(bytes(80_000), bits=0, rate=8000, block=0)) is Reason.NOT_AUDIO


def test_compressed_wav_sounds_as_long_as_the_shorter_of_its_notes() -> None:
    facts = b"fact" + struct.pack("<II", 4, 80_000)
    for bytes_per_second in (100, 4000):
        song = wav_file(bytes(40_000), tag=17, bits=4, rate=8000, bytes_per_second=bytes_per_second, before=facts)
        assert listen(song) == TEN
    assert listen(wav_file(bytes(40_000), tag=17, bits=4, rate=8000, bytes_per_second=4000)) == TEN


def test_wav_of_64_bit_sizes_sounds_as_long_as_its_samples() -> None:
    sizes = b"ds64" + struct.pack("<IQQQI", 28, 0, 80_000, 0, 0)
    song = wav_file(bytes(80_000), bits=8, rate=8000, before=sizes, announced=0xFFFF_FFFF)
    assert listen(b"RF64" + song[4:]) == TEN
    assert reason(b"RF64" + song[4:-1]) is Reason.TRUNCATED


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
