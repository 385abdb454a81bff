"""Dead jobs end in time and good ones are not kept waiting, within the refusals that a key allows."""

from statistics import median

import pytest

from services.poller.domain.watch import GiveUp
from shared.providers.outcomes import Barred, LookOutcome, Missing
from tests.unit.services.poller.dark_keys import DarkKey, rendered_after

MISSING, REFUSED = Missing(), Barred("the provider did not accept the key")
HALF_A_SECOND = 0.5
SHUT_OUT_AFTER = 20


def dead(jobs: int, outcome: LookOutcome) -> DarkKey:
    """A key with so many jobs that no look ever finds, handed over one after another."""
    key = DarkKey()
    for number in range(jobs):
        key.watch(f"dead {number}", lambda age: outcome, routed=number * HALF_A_SECOND)
    return key


@pytest.mark.parametrize(
    ("jobs", "outcome", "within"),
    [
        (1, MISSING, 75),
        (30, MISSING, 250),
        (100, MISSING, 600),
        (1, REFUSED, 75),
        (30, REFUSED, 100),
        (100, REFUSED, 100),
    ],
    ids=str,
)
def test_dead_jobs_are_given_up_long_before_their_time_is_up(jobs: int, outcome: LookOutcome, within: float) -> None:
    key = dead(jobs, outcome)
    key.run()
    assert {verdict for _, verdict in key.ended.values()} == {GiveUp("provider_error", outcome.message)}
    assert min(at for at, _ in key.ended.values()) >= 60
    assert key.last("dead") <= within
    assert key.most_refused_within(30) <= SHUT_OUT_AFTER / 2


def test_good_jobs_of_a_key_with_dead_ones_have_their_audio_noticed_soon() -> None:
    key = dead(30, MISSING)
    for number in range(20):
        key.watch(f"good {number}", rendered_after(30), routed=20 + number * 10)
    key.run()
    assert median(at for name, (at, _) in key.ended.items() if name.startswith("good")) <= 45
    assert key.last("good") <= 90


def test_a_key_whose_jobs_go_well_is_looked_at_on_schedule() -> None:
    key = DarkKey()
    for number in range(200):
        key.watch(f"good {number}", rendered_after(30), routed=number * HALF_A_SECOND)
    key.run()
    assert key.last("good") <= 42
