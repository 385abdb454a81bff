"""A secret shows itself only when asked."""

import copy
import dataclasses
import json
import pickle

import pytest

from shared.kernel.secret import Secret

CANARY = "sk-canary-3f9a"


@pytest.mark.parametrize(
    "render",
    [
        str,
        repr,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r:>40}",
        lambda secret: f"{secret:>40}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
        lambda secret: repr([secret, {"key": secret}]),
        lambda secret: repr(ValueError(secret)),
    ],
)
def test_no_rendering_shows_the_text(render):
    assert CANARY not in render(Secret(CANARY))


def test_renderings_do_not_betray_the_length():
    assert repr(Secret("a")) == repr(Secret("a" * 100))


def test_reveal_returns_the_text():
    assert Secret(CANARY).reveal() == CANARY


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_cannot_be_pickled(protocol):
    with pytest.raises(TypeError, match="seal it in the vault"):
        pickle.dumps(Secret(CANARY), protocol)


def test_a_secret_cannot_become_json():
    with pytest.raises(TypeError):
        json.dumps({"key": Secret(CANARY)})


def test_a_secret_has_no_dict_to_dump():
    with pytest.raises(TypeError):
        vars(Secret(CANARY))


def test_a_copy_is_the_same_object():
    secret = Secret(CANARY)
    assert copy.copy(secret) is secret
    assert copy.deepcopy({"key": secret})["key"] is secret


def test_a_record_turned_into_a_dict_keeps_its_secret_closed():
    @dataclasses.dataclass
    class Offer:
        key: Secret

    assert CANARY not in repr(dataclasses.asdict(Offer(Secret(CANARY))))


def test_secrets_are_equal_when_their_texts_are():
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret(CANARY + "x")
    assert Secret("clé") == Secret("clé")
    assert Secret("\ud800") != Secret("\ud801")


def test_a_secret_never_equals_plain_text():
    assert Secret(CANARY) != CANARY


def test_a_secret_cannot_be_a_key():
    with pytest.raises(TypeError, match="unhashable"):
        {Secret(CANARY): 1}
