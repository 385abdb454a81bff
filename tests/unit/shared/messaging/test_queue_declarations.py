"""The topology as the broker is asked for it.  A changed argument needs a new name, so these are pinned."""

from datetime import timedelta

from shared.messaging.topology import LADDER, SHORT_LADDER, Queue

COMMON = {"x-queue-type": "quorum", "x-overflow": "reject-publish", "x-max-length": 1_000_000}
AT_LEAST_ONCE = {"x-dead-letter-exchange": "", "x-dead-letter-strategy": "at-least-once"}


def test_a_queue_comes_with_its_retry_queues_and_its_dead_letters() -> None:
    declared = {each.name: each for each in Queue("router", ("music.job.created",)).declarations()}
    assert list(declared) == [
        "router.dead",
        "router.retry.1s",
        "router.retry.5s",
        "router.retry.30s",
        "router.retry.120s",
        "router",
    ]
    assert {name: each.keys for name, each in declared.items() if each.keys} == {"router": ("music.job.created",)}


def test_the_queue_gives_up_to_its_dead_letters_what_nobody_answers_for() -> None:
    declared = Queue("router", (), delivery_limit=7).declarations()[-1]
    assert declared.arguments == {
        **COMMON,
        **AT_LEAST_ONCE,
        "x-dead-letter-routing-key": "router.dead",
        "x-delivery-limit": 7,
    }


def test_a_retry_queue_gives_back_to_its_queue_after_its_own_delay() -> None:
    declared = {each.name: each for each in Queue("router", ()).declarations()}
    assert declared["router.retry.30s"].arguments == {
        **COMMON,
        **AT_LEAST_ONCE,
        "x-dead-letter-routing-key": "router",
        "x-message-ttl": 30_000,
    }


def test_dead_letters_may_be_looked_at_for_ever() -> None:
    declared = Queue("router", ()).declarations()[0]
    assert declared.arguments == {**COMMON, "x-delivery-limit": 1_000_000_000}


def test_the_ladder_is_about_as_long_as_a_job_lives() -> None:
    assert timedelta(minutes=14) < sum(LADDER, timedelta()) < timedelta(minutes=15)
    assert LADDER[: len(SHORT_LADDER)] == SHORT_LADDER


def test_delays_below_a_second_have_names_too() -> None:
    assert Queue("q", ()).retry(timedelta(milliseconds=100)) == "q.retry.0.1s"
