"""When a misbehavior strikes."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from deploy.simulator.answers import AudioAnswer, JsonAnswer
from deploy.simulator.behaviors.behavior import Endpoint, Occasion
from deploy.simulator.behaviors.script import AnyBehavior, Script

BEHAVIORS: TypeAdapter[list[AnyBehavior]] = TypeAdapter(list[AnyBehavior])


def _script(*lines: dict[str, Any]) -> Script:
    script = Script()
    script.replace(BEHAVIORS.validate_python(list(lines)))
    return script


def _call(endpoint: Endpoint = "queue", key: str = "k", model: str = "m", queue_id: str = "q") -> Occasion:
    return Occasion(endpoint, key, model, queue_id)


def _strikes(script: Script, calls: int) -> list[bool]:
    return [script.before(_call()) is not None for _ in range(calls)]


def test_it_goes_on_until_it_is_taken_away() -> None:
    assert _strikes(_script({"do": "hang"}), 4) == [True] * 4


def test_it_strikes_so_many_times_and_then_no_more() -> None:
    assert _strikes(_script({"do": "hang", "times": 2}), 4) == [True, True, False, False]


def test_it_leaves_the_first_calls_alone_when_told_to_skip_them() -> None:
    assert _strikes(_script({"do": "hang", "skip": 2, "times": 1}), 4) == [False, False, True, False]


def test_it_can_strike_each_third_call() -> None:
    assert _strikes(_script({"do": "hang", "every": 3}), 7) == [True, False, False, True, False, False, True]


def test_the_first_line_that_strikes_wins_and_the_next_takes_over_when_it_is_spent() -> None:
    script = _script({"do": "hang", "times": 1}, {"do": "drop"})
    struck = [script.before(_call()) for _ in range(2)]
    assert [behavior.do for behavior in struck if behavior] == ["hang", "drop"]


@pytest.mark.parametrize(
    ("line", "matches"),
    [
        ({"on": "queue"}, True),
        ({"on": ["quote", "queue"]}, True),
        ({"on": "retrieve"}, False),
        ({"key": "k"}, True),
        ({"key": "other"}, False),
        ({"model": "m", "queue_id": "q"}, True),
        ({"model": "other", "queue_id": "q"}, False),
    ],
)
def test_every_condition_of_a_line_must_hold(line: dict[str, Any], matches: bool) -> None:
    script = _script({"do": "hang"} | line)
    assert (script.before(_call()) is not None) is matches


def test_spoilt_audio_waits_for_audio() -> None:
    script = _script({"do": "cut", "times": 1})
    look = _call("retrieve")
    assert script.after(look, JsonAnswer({"status": "PROCESSING"})) is None
    assert script.after(look, AudioAnswer(b"fLaC", "audio/flac")) is not None


def test_lost_answers_are_answers_to_work_that_was_done() -> None:
    script = _script({"do": "accept_then_drop"})
    assert script.after(_call(), JsonAnswer({"error": "no"}, 400)) is None
    assert script.after(_call(), JsonAnswer({"queue_id": "q"})) is not None


@pytest.mark.parametrize("line", [{"do": "hang", "on": "cancel"}, {"do": "refuse"}, {"do": "hang", "often": 1}])
def test_a_line_that_makes_no_sense_is_not_taken(line: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _script(line)
