"""Each different order is rendered once, beside the event loop."""

import threading
from collections.abc import AsyncIterator, Callable

import pytest

from deploy.simulator.orders import Order
from deploy.simulator.studio import Render, Studio
from tests.unit.deploy.simulator.orders import order

Opening = Callable[..., Studio]


@pytest.fixture
async def open_studio() -> AsyncIterator[Opening]:
    opened: list[Studio] = []

    def open_one(render: Render, shelf_bytes: int = 1000) -> Studio:
        opened.append(Studio(render, shelf_bytes=shelf_bytes))
        return opened[-1]

    yield open_one
    for studio in opened:
        await studio.close()


async def test_equal_orders_share_one_rendering(open_studio: Opening) -> None:
    rendered: list[Order] = []

    def render(wanted: Order) -> bytes:
        rendered.append(wanted)
        return b"audio"

    studio = open_studio(render)
    answers = [await studio.audio(order(), patience=10) for _ in range(200)]
    assert answers == [b"audio"] * 200
    assert rendered == [order()]


async def test_asking_while_the_rendering_goes_on_does_not_start_another(open_studio: Opening) -> None:
    go_on = threading.Event()

    def render(_wanted: Order) -> bytes:
        assert go_on.wait(10)
        return b"audio"

    studio = open_studio(render)
    assert await studio.audio(order(), patience=0) is None
    assert studio.begin(order()) is studio.begin(order())
    go_on.set()
    assert await studio.audio(order(), patience=10) == b"audio"


async def test_what_was_not_asked_for_longest_makes_room_and_can_be_had_again(open_studio: Opening) -> None:
    rendered: list[str] = []

    def render(wanted: Order) -> bytes:
        rendered.append(wanted.prompt)
        return bytes(40)

    studio = open_studio(render, shelf_bytes=100)
    for prompt in ("a", "b", "a", "c", "a", "b"):
        assert await studio.audio(order(prompt=prompt), patience=10) == bytes(40)
    assert rendered == ["a", "b", "c", "b"]


async def test_a_rendering_that_fails_says_so_and_may_be_tried_again(open_studio: Opening) -> None:
    outcomes = [ArithmeticError("out of tune"), None]

    def render(_wanted: Order) -> bytes:
        if (error := outcomes.pop(0)) is not None:
            raise error
        return b"audio"

    studio = open_studio(render)
    with pytest.raises(ArithmeticError):
        await studio.audio(order(), patience=10)
    assert await studio.audio(order(), patience=10) == b"audio"
