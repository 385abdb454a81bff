"""Links are signed once and given out again until little of their time is left."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.kernel.secret import Secret
from shared.storage.links import GOOD_FOR, SIGNED_ANEW_BELOW, Links
from shared.storage.objects import Store, open_objects
from tests.kit.clocks import StoppedClock

KEY, OTHER = "async-media/job/0.mp3", "async-media/job/1.mp3"
FRESH_FOR = GOOD_FOR - SIGNED_ANEW_BELOW
MOMENT = timedelta(milliseconds=1)


class Counting:
    """Signs by counting, and remembers for how long each was to be good."""

    def __init__(self) -> None:
        self.signed: list[timedelta] = []

    async def presigned_url(self, key: str, *, good_for: timedelta, content_type: str, filename: str) -> str:
        self.signed.append(good_for)
        return f"https://objects/{key}?type={content_type}&name={filename}&signature={len(self.signed)}"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def signer() -> Counting:
    return Counting()


@pytest.fixture
def links(signer: Counting, clock: StoppedClock) -> Links:
    return Links(signer, clock)


async def link(links: Links, key: str = KEY) -> str:
    return await links.link(key, content_type="audio/mpeg", filename="song.mp3")


async def test_a_link_is_given_out_again_while_three_hundred_seconds_are_left(
    links: Links, signer: Counting, clock: StoppedClock
) -> None:
    first = await link(links)
    clock.move(FRESH_FOR)
    assert await link(links) == first
    assert signer.signed == [timedelta(seconds=900)]


async def test_a_link_with_less_left_is_signed_anew(links: Links, signer: Counting, clock: StoppedClock) -> None:
    first = await link(links)
    clock.move(FRESH_FOR + MOMENT)
    second = await link(links)
    assert second != first
    clock.move(FRESH_FOR)
    assert await link(links) == second
    assert len(signer.signed) == 2


async def test_each_object_has_a_link_of_its_own(links: Links, signer: Counting) -> None:
    assert await link(links, KEY) != await link(links, OTHER)
    assert len(signer.signed) == 2


async def test_a_signed_url_is_good_for_900_seconds_and_saves_the_object_under_its_name() -> None:
    store = Store("http://127.0.0.1:9", "bucket", "us-east-1", "id", Secret("secret"))
    async with open_objects(store) as objects:
        url = await objects.presigned_url(KEY, good_for=GOOD_FOR, content_type="audio/mpeg", filename="song.mp3")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["X-Amz-Expires"] == "900"
    assert asked["response-content-type"] == "audio/mpeg"
    assert asked["response-content-disposition"] == 'attachment; filename="song.mp3"'
