"""Who is asking: told from the key, remembered for seconds, forgotten when the key is revoked."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from services.api.adapters.memory_accounts import MemoryAccounts
from services.api.adapters.memory_api_keys import MemoryApiKeys
from services.api.adapters.memory_post import MemoryPost
from services.api.adapters.process_keys import FOR, ProcessKeys
from services.api.domain.account import Limits, Role
from services.api.domain.api_key import MOST_KEYS, ApiKey, digest
from services.api.domain.refusals import InvalidApiKey, InvalidRequest, NotFound
from services.api.handlers.authenticate import Authenticating, authenticate
from services.api.handlers.create_key import Keeping, create_key
from services.api.handlers.forget_key import forget_key
from services.api.handlers.open_account import Opened, open_account
from services.api.handlers.revoke_key import revoke_key
from shared.contracts.market_events import KeyRevoked
from shared.kernel.ids import new_id
from shared.kernel.secret import Secret
from tests.kit.clocks import StoppedClock
from tests.unit.services.api.samples import AT


class CountingKeys(MemoryApiKeys):
    """Keys that count how often they are looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_up = 0

    async def by_digest(self, digest: str) -> ApiKey | None:
        self.looked_up += 1
        return await super().by_digest(digest)


@dataclass
class Gate:
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(AT))
    keys: CountingKeys = field(default_factory=CountingKeys)
    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)

    def __post_init__(self) -> None:
        self.remembered = ProcessKeys(self.clock)
        self.post = MemoryPost(self.clock)
        self.keeping = Keeping(self.keys, self.clock, os.urandom)
        self.world = Authenticating(self.keys, self.accounts, self.remembered, self.clock)

    async def opened(self, role: Role = Role.BUYER) -> Opened:
        return await open_account(role, "Ada", Limits(3, 7), accounts=self.accounts, keeping=self.keeping)

    async def revoke(self, account_id: str, key_id: str) -> None:
        await revoke_key(
            account_id, key_id, keys=self.keys, remembered=self.remembered, post=self.post, clock=self.clock
        )


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.mark.parametrize("role", Role)
async def test_a_new_accounts_key_opens_its_side_of_the_market(gate: Gate, role: Role) -> None:
    opened = await gate.opened(role)
    principal = await authenticate(opened.key.text, world=gate.world)
    assert (principal.account_id, principal.role, principal.key_id) == (opened.account.id, role, opened.key.key.id)
    assert principal.limits == Limits(3, 7)


@pytest.mark.parametrize("text", ["", "inf_wrong", "sel_é", "\ud800"])
async def test_what_is_no_key_is_refused_without_a_look_up(gate: Gate, text: str) -> None:
    with pytest.raises(InvalidApiKey):
        await authenticate(Secret(text), world=gate.world)
    assert gate.keys.looked_up == 0


async def test_a_key_that_was_never_given_out_is_refused(gate: Gate) -> None:
    stranger = await Gate().opened()
    with pytest.raises(InvalidApiKey):
        await authenticate(stranger.key.text, world=gate.world)


async def test_a_key_is_looked_up_once_in_ten_seconds(gate: Gate) -> None:
    key = (await gate.opened()).key.text
    for _ in range(5):
        await authenticate(key, world=gate.world)
    assert gate.keys.looked_up == 1
    gate.clock.move(FOR)
    await authenticate(key, world=gate.world)
    assert gate.keys.looked_up == 2


async def test_a_revoked_key_is_refused_at_once_and_every_process_hears_of_it(gate: Gate) -> None:
    opened = await gate.opened()
    await authenticate(opened.key.text, world=gate.world)
    await gate.revoke(opened.account.id, opened.key.key.id)
    with pytest.raises(InvalidApiKey):
        await authenticate(opened.key.text, world=gate.world)
    (said,) = await gate.post.arrive()
    assert said == KeyRevoked(key_id=opened.key.key.id, account_id=opened.account.id)


async def test_another_process_forgets_a_revoked_key_when_it_hears_of_it(gate: Gate) -> None:
    opened = await gate.opened()
    other = ProcessKeys(gate.clock)
    principal = await authenticate(opened.key.text, world=gate.world)
    hashed = digest(opened.key.text.reveal())
    other.remember(hashed, principal, None)
    await forget_key(KeyRevoked(key_id=principal.key_id, account_id=principal.account_id), keys=other)
    assert other.recall(hashed) is None
    other.remember(hashed, principal, None)
    assert other.recall(hashed) is None, "it was looked up before it was revoked"


async def test_nobody_revokes_a_foreign_key(gate: Gate) -> None:
    opened = await gate.opened()
    with pytest.raises(NotFound):
        await gate.revoke(new_id(), opened.key.key.id)


async def test_an_expired_key_is_refused_even_if_it_was_remembered(gate: Gate) -> None:
    opened = await gate.opened()
    soon = AT + timedelta(seconds=3)
    new = await create_key(opened.account.id, Role.BUYER, label="ci", expires_at=soon, keeping=gate.keeping)
    await authenticate(new.text, world=gate.world)
    gate.clock.move(timedelta(seconds=3))
    with pytest.raises(InvalidApiKey):
        await authenticate(new.text, world=gate.world)


async def test_a_key_cannot_be_born_expired(gate: Gate) -> None:
    with pytest.raises(InvalidRequest):
        await create_key("a1", Role.BUYER, label="x", expires_at=AT, keeping=gate.keeping)


async def test_an_account_has_at_most_25_keys(gate: Gate) -> None:
    for _ in range(MOST_KEYS):
        await create_key("a1", Role.BUYER, label="x", keeping=gate.keeping)
    with pytest.raises(InvalidRequest):
        await create_key("a1", Role.BUYER, label="x", keeping=gate.keeping)


async def test_the_key_itself_is_nowhere_in_what_is_kept(gate: Gate) -> None:
    opened = await gate.opened()
    text = opened.key.text.reveal()
    assert text not in repr(await gate.keys.list_of(opened.account.id))
    assert text not in repr(opened)
