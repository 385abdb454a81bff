"""The audit: every account's figures against what the ledger says of it.

The two books are written one after the other, so at any instant some movements are in one and
not yet in the other.  Which, can be told from holds and jobs; whatever that does not explain
is a difference, and a person should look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.api.domain.account import Account, Hold
from services.api.domain.ending import settlement_of
from services.api.domain.ledger import BUYER_AVAILABLE, BUYER_HELD, CREDITS_ISSUED, EntryKind, LedgerEntry
from shared.contracts.records.job import JobRecord, SettlementStatus
from shared.kernel.money import Money

MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """Micros, and signed, because they are subtracted from each other."""

    credited: int = 0
    available: int = 0
    held: int = 0
    spent: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.credited + other.credited,
            self.available + other.available,
            self.held + other.held,
            self.spent + other.spent,
        )

    def __neg__(self) -> Figures:
        return Figures(-self.credited, -self.available, -self.held, -self.spent)

    def __sub__(self, other: Figures) -> Figures:
        return self + -other

    @property
    def size(self) -> int:
        """How far from nothing."""
        return max(abs(self.credited), abs(self.available), abs(self.held), abs(self.spent))


NOTHING: Final = Figures()


@dataclass(frozen=True, slots=True)
class Line:
    """All entries of one kind that go between the same two sorts of ledger account, in one sum."""

    kind: EntryKind
    debit: str
    credit: str
    micros: int
    entries: int


@dataclass(frozen=True, slots=True)
class AccountBook:
    """One account and what its ledger entries come to, seen at the same instant."""

    account: Account
    holds: int
    """What its holds come to, one by one."""
    lines: tuple[Line, ...]

    @property
    def sums(self) -> Mapping[EntryKind, int]:
        """The entries by why money moved."""
        return {kind: sum(line.micros for line in self.lines if line.kind is kind) for kind in EntryKind}

    @property
    def balances(self) -> Counter[str]:
        """The entries by where money lies: each leaves one sort of account and reaches another."""
        balances: Counter[str] = Counter()
        for line in self.lines:
            balances[line.debit] -= line.micros
            balances[line.credit] += line.micros
        return balances

    @property
    def entries(self) -> int:
        """How many there are."""
        return sum(line.entries for line in self.lines)

    @property
    def kept(self) -> Figures:
        """What the account itself says."""
        now = self.account
        return Figures(now.credited.micros, now.available.micros, now.held.micros, now.spent.micros)

    @property
    def gap(self) -> Figures:
        """What the account says beyond the ledger."""
        return self.kept - from_sums(self.sums)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One job of an account that may be in one book and not yet in the other."""

    hold: Hold | None
    """What the account holds under its name, if anything."""
    job: JobRecord | None
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class Transit:
    """Everything of one account that may be under way: jobs, and credits not yet given."""

    jobs: tuple[UnderWay, ...]
    credits: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What nothing explains, in micros."""

    account_id: str | None
    what: str
    micros: int


@dataclass(slots=True)
class Audit:
    """What an audit has found so far."""

    accounts: int = 0
    entries: int = 0
    in_transit: int = 0
    difference: int = 0
    sums: Figures = NOTHING
    by_kind: dict[EntryKind, int] = field(default_factory=lambda: dict.fromkeys(EntryKind, 0))
    by_account: Counter[str] = field(default_factory=Counter)
    """Where all money lies, by sort of ledger account; credits issued are what the others come to, below zero."""
    differences: list[Difference] = field(default_factory=list)
    """The first hundred."""

    def take(self, book: AccountBook, transit: Transit | None) -> None:
        """Count an account.  ``transit`` is needed where the two books differ."""
        self.accounts += 1
        self.entries += book.entries
        self.sums += book.kept
        for kind, micros in book.sums.items():
            self.by_kind[kind] += micros
        self.by_account.update(book.balances)
        explained = explain(transit) if transit is not None else NOTHING
        self.in_transit += explained.size
        self.differ(book.account.id, "ledger", (book.gap - explained).size)
        kept, listed = book.kept, from_sums(book.sums)
        self.differ(book.account.id, "balance", abs(kept.available + kept.held + kept.spent - kept.credited))
        self.differ(book.account.id, "holds", abs(kept.held - book.holds))
        self.differ(book.account.id, "entries", _astray(book.balances, listed))

    def differ(self, account_id: str | None, what: str, micros: int) -> None:
        """Note what nothing explains, if it is anything."""
        if not micros:
            return
        self.difference += micros
        if len(self.differences) < MOST_SHOWN:
            self.differences.append(Difference(account_id, what, micros))


def from_sums(sums: Mapping[EntryKind, int]) -> Figures:
    """An account's figures as its ledger entries, summed by kind, give them."""
    credit, hold = sums.get(EntryKind.CREDIT, 0), sums.get(EntryKind.HOLD, 0)
    release, captured = sums.get(EntryKind.RELEASE, 0), sums.get(EntryKind.CAPTURE, 0) + sums.get(EntryKind.FEE, 0)
    return Figures(credit, credit - hold + release, hold - release - captured, captured)


def _astray(balances: Mapping[str, int], listed: Figures) -> int:
    """How much was entered between other accounts than its kind says."""
    expected = {
        CREDITS_ISSUED: -listed.credited,
        BUYER_AVAILABLE: listed.available,
        BUYER_HELD: listed.held,
    }
    return max(abs(balances.get(name, 0) - micros) for name, micros in expected.items())


def explain(transit: Transit) -> Figures:
    """What the account may say beyond the ledger, because it is under way."""
    return sum((_beyond(job) for job in transit.jobs), NOTHING) - sum(
        (Figures(amount.micros, amount.micros) for amount in transit.credits), NOTHING
    )


def _beyond(under_way: UnderWay) -> Figures:
    """What one job moved in the account and not yet in the ledger.  A live job is in both, so it explains nothing."""
    job = under_way.job
    if job is not None and not job.ended:
        return NOTHING
    return _moved(under_way.hold, job) - from_sums(_summed(under_way.entries))


def _moved(hold: Hold | None, job: JobRecord | None) -> Figures:
    """What a job that ended, or never was, may have moved in its account.

    The account is settled before that is noted, so a job's own hold that stands after it explains nothing.  One
    that was taken later is not the job's own.
    """
    own = hold is not None and job is not None and hold.at == job.created_at
    noted = job is not None and job.settlement_status is not SettlementStatus.PENDING
    moved = NOTHING
    if hold is not None and not (own and noted):
        moved += Figures(available=-hold.amount.micros, held=hold.amount.micros)
    if job is not None and (noted or not own):
        captured = settlement_of(job)[0].captured.micros
        moved += Figures(available=-captured, spent=captured)
    return moved


def _summed(entries: Iterable[LedgerEntry]) -> Mapping[EntryKind, int]:
    sums = dict.fromkeys(EntryKind, 0)
    for entry in entries:
        sums[entry.kind] += entry.amount.micros
    return sums
