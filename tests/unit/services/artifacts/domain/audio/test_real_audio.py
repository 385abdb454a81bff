"""What real encoders write is heard whole, and cut anywhere it is not."""

from datetime import timedelta
from io import BytesIO

import mutagen
import pytest

from services.artifacts.domain.audio.formats import OPENING, Format, recognise
from services.artifacts.domain.audio.unfit import Reason
from tests.unit.services.artifacts.audio_files import ENCODINGS, audio_file, content_type
from tests.unit.services.artifacts.listening import PIECE, listen, reason, verdict

TWENTY, THREE = timedelta(seconds=20), timedelta(seconds=3)
MILLIS_100 = timedelta(milliseconds=100)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_format_is_recognised_by_its_bytes(encoding: str) -> None:
    found = recognise(audio_file(encoding)[:OPENING])
    assert isinstance(found, Format)
    assert found.content_type == content_type(encoding)


@pytest.mark.parametrize("seconds", [0.5, 10.0])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_audio_is_as_long_as_a_library_that_reads_files_says(encoding: str, seconds: float) -> None:
    data = audio_file(encoding, seconds)
    heard = listen(data)
    assert isinstance(heard, timedelta)
    library = timedelta(seconds=mutagen.File(BytesIO(data)).info.length)
    assert abs(heard - library) < MILLIS_100
    assert abs(heard - timedelta(seconds=seconds)) < MILLIS_100


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [16_000, 24_000])
def test_mp3_of_lower_rates_is_heard_whole(rate: int, channels: int) -> None:
    heard = listen(audio_file("mp3-vbr", 3.0, channels, rate))
    assert isinstance(heard, timedelta)
    assert abs(heard - timedelta(seconds=3)) < 2 * MILLIS_100


@pytest.mark.parametrize("asked", [TWENTY, None])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_audio_that_is_cut_after_any_64_kib_is_truncated(encoding: str, asked: timedelta | None) -> None:
    data = audio_file(encoding, 20.0)
    cuts = range(PIECE, len(data), PIECE)
    assert len(cuts) > 1
    assert {cut for cut in cuts if verdict(data[:cut], asked) is not Reason.TRUNCATED} == set()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_audio_that_lacks_its_last_bytes_is_truncated(encoding: str) -> None:
    data = audio_file(encoding, 3.0)
    assert {missing for missing in (1, 2, 10, 100, 1000) if reason(data[:-missing]) is not Reason.TRUNCATED} == set()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_audio_that_is_cut_within_its_beginning_is_not_taken_for_audio(encoding: str) -> None:
    data = audio_file(encoding, 3.0)
    assert {cut for cut in range(0, 3000, 7) if verdict(data[:cut], THREE) is None} == set()


@pytest.mark.parametrize("piece", [1, 3, 4096])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_it_does_not_matter_in_which_pieces_audio_arrives(encoding: str, piece: int) -> None:
    data = audio_file(encoding, 0.5)
    assert listen(data, piece) == listen(data)


@pytest.mark.parametrize("encoding", ["mp3-vbr", "mp3-cbr", "ogg-vorbis", "ogg-opus"])
def test_audio_with_a_hole_is_not_whole(encoding: str) -> None:
    data = audio_file(encoding, 20.0)
    assert reason(data[:PIECE] + data[2 * PIECE :]) is not None
