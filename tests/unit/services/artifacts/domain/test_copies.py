"""How often a provider is asked to forget."""

from datetime import timedelta

from services.artifacts.domain.copies import FIRST_WAIT, GIVEN_UP_AFTER, LONGEST_WAIT, copy_of, wait_before_asking_again
from tests.unit.services.artifacts.story import generated


def test_a_provider_is_left_in_peace_ever_longer() -> None:
    waits = [wait_before_asking_again(times) for times in range(1, 12)]
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


def test_a_day_of_asking_is_some_dozens_of_calls() -> None:
    asked, passed = 0, timedelta()
    while passed < GIVEN_UP_AFTER:
        asked += 1
        passed += wait_before_asking_again(asked)
    assert 40 < asked < 80


def test_a_copy_knows_what_is_needed_to_reach_it() -> None:
    news = generated(2)
    copy = copy_of(news)
    assert (copy.attempt, copy.offer_id, copy.key_id) == (2, news.offer_id, news.key_id)
    assert (copy.provider, copy.base_url) == (news.provider, news.base_url)
    assert (copy.provider_model, copy.provider_job_id) == (news.provider_model, news.provider_job_id)
