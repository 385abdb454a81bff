"""How long jobs take."""

from deploy.simulator.jobs import LONGEST, SHORTEST, Jobs
from tests.unit.deploy.simulator.orders import order


def test_a_job_takes_three_to_six_seconds_and_equal_orders_take_equally_long() -> None:
    jobs = Jobs(render_seconds=None)
    times = [jobs.accept(order(prompt=f"song {n // 2}"), "sim-key", 100.0).due_at - 100.0 for n in range(40)]
    assert times[::2] == times[1::2]
    assert all(SHORTEST <= seconds <= LONGEST for seconds in times)
    assert len(set(times)) == 20


def test_a_given_time_holds_for_every_job() -> None:
    assert Jobs(render_seconds=2).accept(order(), "sim-key", 100.0).due_at == 102.0
