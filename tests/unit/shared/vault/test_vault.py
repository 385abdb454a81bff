"""Sealing, opening and rotating."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.secret import Secret
from shared.vault.errors import CannotOpen, Tampered, VaultKeyMissing
from shared.vault.keys import VaultKey
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault

OLD = VaultKey("old", b"o" * 32)
NEW = VaultKey("new", b"n" * 32)
OWNER = ("offer", "offer-1", "seller-1")
SECRET = Secret("sk-venice-canary")

text = st.text(st.characters(exclude_categories=["Cs"]))


@given(text, st.lists(text).map(tuple))
def test_what_was_sealed_opens_again_after_a_trip_through_text(secret, owner):
    vault = Vault([NEW])
    stored = str(vault.seal(Secret(secret), owner))
    assert vault.open(Sealed.parse(stored), owner).reveal() == secret


def test_the_stored_form_names_its_version_and_key_and_hides_the_rest():
    stored = str(Vault([NEW]).seal(SECRET, OWNER))
    assert stored.startswith("v1.new.")
    assert SECRET.reveal() not in stored


def test_a_sealed_value_shows_only_its_key_id():
    assert repr(Vault([NEW]).seal(SECRET, OWNER)) == "Sealed(kid='new')"


def test_sealing_twice_gives_two_values():
    vault = Vault([NEW])
    assert vault.seal(SECRET, OWNER) != vault.seal(SECRET, OWNER)


@pytest.mark.parametrize(
    "stranger",
    [
        (),
        ("offer", "offer-2", "seller-1"),
        ("offer", "offer-1", "seller-2"),
        ("offer", "offer-1"),
        ("offer", "offer-1", "seller-1", ""),
        ("offer", "offer-1seller-1", ""),
        ("offeroffer-1", "seller-1"),
        ("webhook_secret", "offer-1", "seller-1"),
    ],
)
def test_a_value_does_not_open_for_another_owner(stranger):
    vault = Vault([NEW])
    with pytest.raises(Tampered):
        vault.open(vault.seal(SECRET, OWNER), stranger)


def test_any_changed_byte_is_noticed():
    vault = Vault([NEW])
    sealed = vault.seal(SECRET, OWNER)
    for place in range(len(sealed.box)):
        changed = bytearray(sealed.box)
        changed[place] ^= 1
        with pytest.raises(Tampered):
            vault.open(Sealed("new", bytes(changed)), OWNER)


def test_any_changed_or_missing_character_of_the_stored_form_is_noticed():
    vault = Vault([NEW, OLD])
    stored = str(vault.seal(SECRET, OWNER))
    changed = (stored[:i] + c + stored[i + 1 :] for i, c in itertools.product(range(len(stored)), "A_.="))
    cut = (stored[:i] for i in range(len(stored)))
    for damaged in itertools.chain(changed, cut, [stored + "=", stored + "\n", " " + stored]):
        if damaged != stored:
            with pytest.raises(CannotOpen):
                vault.open(Sealed.parse(damaged), OWNER)


def test_a_value_cannot_be_relabelled_with_another_key():
    twins = Vault([VaultKey("a", b"k" * 32), VaultKey("b", b"k" * 32)])
    sealed = twins.seal(SECRET, OWNER)
    with pytest.raises(Tampered):
        twins.open(Sealed("b", sealed.box), OWNER)


def test_the_newest_key_seals_and_any_listed_key_opens():
    before, after = Vault([OLD]), Vault([NEW, OLD])
    assert after.open(before.seal(SECRET, OWNER), OWNER) == SECRET
    assert after.seal(SECRET, OWNER).kid == "new"


def test_resealing_moves_a_value_to_the_newest_key():
    after = Vault([NEW, OLD])
    moved = after.reseal(Vault([OLD]).seal(SECRET, OWNER), OWNER)
    assert moved.kid == "new"
    assert Vault([NEW]).open(moved, OWNER) == SECRET


def test_resealing_leaves_a_value_under_the_newest_key_alone():
    after = Vault([NEW, OLD])
    sealed = after.seal(SECRET, OWNER)
    assert after.reseal(sealed, OWNER) is sealed


def test_a_missing_key_is_named_with_what_to_do():
    sealed = Vault([OLD]).seal(SECRET, OWNER)
    with pytest.raises(VaultKeyMissing, match=r"'old'.*VAULT_KEYS") as missing:
        Vault([NEW]).open(sealed, OWNER)
    assert missing.value.kid == "old"


def test_resealing_for_another_owner_is_refused():
    with pytest.raises(Tampered):
        Vault([NEW, OLD]).reseal(Vault([OLD]).seal(SECRET, OWNER), ("offer", "offer-2", "seller-2"))
