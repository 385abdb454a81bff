"""An account: whose it is, what it may, and where its money stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.kernel.money import ZERO, Money


class Role(StrEnum):
    """What an account is for; its keys reach only that side of the market."""

    BUYER = "buyer"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an account may do at once, and how often."""

    jobs_in_flight: int = 500
    requests_per_minute: int = 1200


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Account:
    """``available + held + spent`` always equals ``credited``."""

    id: str
    role: Role
    name: str
    limits: Limits
    created_at: datetime
    credited: Money = ZERO
    spent: Money = ZERO
    held: Money = ZERO
    available: Money = ZERO
    in_flight: int = 0
    """Jobs with a hold."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What is set aside for a job, and since when.

    The instant tells one hold from another that a slow handler took later under the same job's
    name: a job is created at the instant of its own hold, and only that one is ever settled.
    """

    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """The hold of a job stands as it says, whether this very call took it or an earlier one."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class NotHeld:
    """The hold was not taken; the account as it stood."""

    account: Account


@dataclass(frozen=True, slots=True)
class OldHold:
    """A hold that is old enough to ask what it is for."""

    account_id: str
    job_id: str
    hold: Hold
