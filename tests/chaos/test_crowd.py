"""Two hundred jobs at once on two, three, two, two and two processes: each once."""

from __future__ import annotations

import pytest

from tests.chaos.promises import PRICE, assert_all_promises
from tests.chaos.wave import Sea

pytestmark = pytest.mark.chaos

CROWD = 200


async def test_each_of_two_hundred_jobs_is_submitted_once_ended_once_and_told_once(sea: Sea) -> None:
    wave = await sea.wave(CROWD)
    jobs = await assert_all_promises(wave, within=90)
    assert len(jobs) == CROWD
    assert set((await wave.submitted()).values()) == {1}
    assert {job["attempts"] for job in jobs} == {1}
    posts = [post for post in sea.receiver.posts if post.json["data"]["id"] in wave.ids.values()]
    assert len(posts) == CROWD
    money = await wave.buyer.money()
    assert money["spent"] == str(CROWD * PRICE)
