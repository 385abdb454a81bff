"""The vault's keys are rotated: everything comes under the newest, and what cannot is said and left alone."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from services.api.adapters.memory_sealed import MemorySealedValues
from services.api.domain.resealing import KeyUse, SealedValue
from services.api.handlers.reseal import Resealing, reseal, tell_key_uses, try_keys
from shared.kernel.secret import Secret
from shared.vault.keys import VaultKey
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault

OLD, NEW, LOST = (VaultKey(kid, kid.encode().ljust(32, b"-")) for kid in ("old", "new", "lost"))
FAKE = VaultKey("old", b"another".ljust(32, b"-"))


def sealed(document: str, key: VaultKey, text: str = "sk-canary") -> SealedValue:
    owner = ("offer", document, "s1")
    return SealedValue(document, "k", str(Vault([key]).seal(Secret(text), owner)), owner)


def world(*values: SealedValue, keys: tuple[VaultKey, ...] = (NEW, OLD)) -> Resealing:
    return Resealing((MemorySealedValues(list(values)),), Vault(keys))


async def test_everything_comes_under_the_newest_key_and_opens_as_before() -> None:
    there = world(*(sealed(f"o{number:04}", OLD, f"key {number}") for number in range(450)), sealed("z", NEW))
    assert (await reseal(world=there)).resealed == 450
    (store,) = there.stores
    assert await store.behind("new", "", 1) == []
    value = await store.one_under("new")
    assert value is not None
    assert Vault([NEW]).open(Sealed.parse(value.sealed), value.owner) == Secret("key 0")


async def test_a_second_pass_changes_nothing() -> None:
    there = world(sealed("o", OLD))
    await reseal(world=there)
    assert (await reseal(world=there)).resealed == 0


async def test_an_old_key_can_go_once_it_seals_nothing() -> None:
    there = world(sealed("o", OLD))
    assert KeyUse("old", 1, listed=True, newest=False) in await tell_key_uses(world=there)
    with capture_logs() as lines:
        await reseal(world=there)
        await reseal(world=there)
    assert [use.removable for use in await tell_key_uses(world=there)] == [False, True]
    assert [line["event"] for line in lines] == ["resealed", "vault key seals nothing any more"]


async def test_a_value_under_a_key_that_is_not_listed_is_said_once_and_left_for_its_key_to_come_back() -> None:
    there = world(sealed("a", LOST), sealed("b", OLD))
    with capture_logs() as lines:
        made = await reseal(world=there)
        await reseal(world=there)
    assert (made.resealed, made.unlisted) == (1, {"lost": 1})
    (complaint,) = [line for line in lines if line["log_level"] == "error"]
    assert (complaint["event"], complaint["kid"], complaint["values"]) == ("vault key is not listed", "lost", 1)
    again = Resealing(there.stores, Vault([NEW, LOST]))
    assert (await reseal(world=again)).resealed == 1


@pytest.mark.parametrize("keys", [(NEW, FAKE), (FAKE, NEW)])
async def test_another_key_under_the_same_id_is_told_at_the_start(keys: tuple[VaultKey, ...]) -> None:
    there = world(sealed("a", OLD), keys=keys)
    with capture_logs() as lines:
        await try_keys(world=there)
        await try_keys(world=there)
    (complaint,) = [line for line in lines if line["log_level"] == "error"]
    assert (complaint["event"], complaint["kid"]) == ("vault key does not open what bears its id", "old")


async def test_a_value_that_cannot_be_opened_keeps_no_other_from_it() -> None:
    there = world(sealed("a", FAKE), SealedValue("b", "k", "v1.old.!", ()), sealed("c", OLD))
    made = await reseal(world=there)
    assert (made.resealed, made.damaged) == (1, {"old": 1, "?": 1})


async def test_no_line_shows_what_is_sealed() -> None:
    with capture_logs() as lines:
        there = world(sealed("a", OLD), sealed("b", LOST), sealed("c", FAKE))
        await try_keys(world=there)
        await reseal(world=there)
    assert "canary" not in str(lines)
