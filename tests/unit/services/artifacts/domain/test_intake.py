"""What is counted of a body on its way in."""

import hashlib
from datetime import timedelta

from services.artifacts.domain.audio.formats import Format
from services.artifacts.domain.audio.tape import MOST_BYTES
from services.artifacts.domain.audio.unfit import Reason, Unfit
from services.artifacts.domain.intake import TOO_LARGE, Intake
from services.artifacts.domain.output import Audio, object_key, output_prefix
from tests.unit.services.artifacts.audio_files import audio_file

TEN = timedelta(seconds=10)


def test_bytes_hash_and_length_are_those_of_what_came() -> None:
    song = audio_file("flac")
    intake = Intake(Format.FLAC, asked=TEN)
    for start in range(0, len(song), 1000):
        assert intake.take(song[start : start + 1000]) is None
    digest = hashlib.sha256(song).hexdigest()
    assert intake.end("key") == Audio("key", "audio/flac", len(song), digest, TEN)


def test_what_is_wrong_is_said_as_soon_as_it_is_certain() -> None:
    intake = Intake(Format.FLAC, asked=None)
    unfit = intake.take(b"fLaC" + bytes(100))
    assert unfit is not None
    assert unfit.reason is Reason.NOT_AUDIO


def test_a_snippet_of_what_was_asked_for_is_refused_at_its_end() -> None:
    intake = Intake(Format.WAV, asked=3 * TEN)
    assert intake.take(audio_file("wav")) is None
    unfit = intake.end("key")
    assert isinstance(unfit, Unfit)
    assert unfit.reason is Reason.WRONG_DURATION


def test_the_first_byte_above_the_limit_is_too_many() -> None:
    header = audio_file("wav")[:40] + b"\xff\xff\xff\xff"
    intake = Intake(Format.WAV, asked=None)
    piece = bytes(1024 * 1024)
    assert intake.take(header + piece[len(header) :]) is None
    for _ in range(MOST_BYTES // len(piece) - 1):
        assert intake.take(piece) is None
    assert intake.take(b"\0") == TOO_LARGE


def test_the_key_of_an_object_is_made_of_ids_alone() -> None:
    assert object_key("job", 0, Format.M4A.extension) == "async-media/job/0.m4a"
    assert object_key("job", 0, "mp3").startswith(output_prefix("job", 0))
    assert not object_key("job", 0, "mp3").startswith(output_prefix("job", 1))
