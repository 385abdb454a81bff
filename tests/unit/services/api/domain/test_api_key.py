"""API keys: long, checked, and kept only as a hash."""

import pytest

from services.api.domain.account import Role
from services.api.domain.api_key import RANDOM_BYTES, digest, key_text, well_formed

BUYER = key_text(Role.BUYER, b"\x07" * RANDOM_BYTES).reveal()


def test_a_key_has_at_least_160_random_bits() -> None:
    assert RANDOM_BYTES * 8 >= 160
    assert key_text(Role.BUYER, b"\x08" * RANDOM_BYTES).reveal() != BUYER


@pytest.mark.parametrize(("role", "prefix"), [(Role.BUYER, "inf_"), (Role.SELLER, "sel_")])
def test_a_key_says_whose_side_it_is_on(role: Role, prefix: str) -> None:
    text = key_text(role, b"\x07" * RANDOM_BYTES).reveal()
    assert text.startswith(prefix)
    assert well_formed(text)


@pytest.mark.parametrize("place", range(len(BUYER)))
def test_any_one_wrong_character_is_noticed_without_a_look_up(place: int) -> None:
    wrong = "0" if BUYER[place] != "0" else "1"
    assert not well_formed(BUYER[:place] + wrong + BUYER[place + 1 :])


@pytest.mark.parametrize("text", ["", "inf_", "é" * 60, BUYER + "\n", BUYER.upper(), "Bearer " + BUYER, "\ud800"])
def test_other_text_is_no_key(text: str) -> None:
    assert not well_formed(text)


def test_the_hash_does_not_hold_the_key() -> None:
    assert len(digest(BUYER)) == 64
    assert digest(BUYER) not in BUYER
