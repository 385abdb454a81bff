"""Bring everything that is sealed under the newest key of the vault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from services.api.domain.resealing import KeyUse, Pass, SealedValue, key_uses
from services.api.ports import SealedValues
from shared.vault.errors import CannotOpen, Tampered, VaultKeyMissing
from shared.vault.sealed import Sealed
from shared.vault.vault import Vault

BATCH: Final = 200
"""Documents that are read at once."""

log = structlog.get_logger("vault")


@dataclass(frozen=True, slots=True)
class Resealing:
    """What a pass needs.  ``told`` keeps this process from saying the same thing twice."""

    stores: Sequence[SealedValues]
    vault: Vault
    told: set[tuple[str, str]] = field(default_factory=set)


async def reseal(*, world: Resealing) -> Pass:
    """One pass over every value under another key, by compare-and-set: any number of processes may do it at once.

    A value that cannot be opened is counted, said in the log, and left as it is.
    """
    made = Pass()
    for store in world.stores:
        after = ""
        while found := await store.behind(world.vault.newest, after, BATCH):
            for value in found:
                await _reseal(value, store, made, world)
            after = found[-1].document_id
    if made.resealed:
        log.info("resealed", newest=world.vault.newest, values=made.resealed, overtaken=made.overtaken)
    for kid, values in made.damaged.items():
        _tell_damaged(world, kid, values)
    await tell_key_uses(world=world)
    return made


async def try_keys(*, world: Resealing) -> None:
    """Say in the log when a key that is listed, or one that is not, is not the one that values were sealed with."""
    for store in world.stores:
        for kid in world.vault.kids:
            value = await store.one_under(kid)
            if value is not None and not _opens(value, world.vault):
                _tell_damaged(world, kid, 1)
    await tell_key_uses(world=world)


async def tell_key_uses(*, world: Resealing) -> list[KeyUse]:
    """How many values each key seals; what an operator should do about it is said once a process in the log."""
    counts: Counter[str] = Counter()
    for store in world.stores:
        counts += await store.count()
    uses = key_uses(world.vault.kids, counts)
    for use in uses:
        if use.values and not use.listed:
            _tell(world, "vault key is not listed", use.kid, use.values, "put it back into VAULT_KEYS of every service")
        elif use.removable:
            _tell(world, "vault key seals nothing any more", use.kid, 0, "once no process seals with it, remove it")
    return uses


async def _reseal(value: SealedValue, store: SealedValues, made: Pass, world: Resealing) -> None:
    try:
        sealed = Sealed.parse(value.sealed)
    except Tampered:
        made.damaged["?"] += 1
        return
    try:
        anew = world.vault.reseal(sealed, value.owner)
    except VaultKeyMissing:
        made.unlisted[sealed.kid] += 1
    except Tampered:
        made.damaged[sealed.kid] += 1
    else:
        if await store.replace(value, str(anew)):
            made.resealed += 1
        else:
            made.overtaken += 1


def _opens(value: SealedValue, vault: Vault) -> bool:
    try:
        vault.open(Sealed.parse(value.sealed), value.owner)
    except CannotOpen:
        return False
    return True


def _tell_damaged(world: Resealing, kid: str, values: int) -> None:
    _tell(world, "vault key does not open what bears its id", kid, values, "is it another key under the same id?")


def _tell(world: Resealing, event: str, kid: str, values: int, advice: str) -> None:
    if (event, kid) not in world.told:
        world.told.add((event, kid))
        level = log.error if values else log.info
        level(event, kid=kid, values=values, what_to_do=advice)
