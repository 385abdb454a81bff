"""Rounds come until the process is to end; the one that runs then is not cut short."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from shared.runtime.tickers import Ticker, ticking
from tests.kit.clocks import HeldClock
from tests.kit.waiting import happens, others_run

EVERY = timedelta(minutes=1)
LONG = timedelta(seconds=30)
AT_ONCE = timedelta(0)


def middle() -> float:
    """No spread."""
    return 0.5


class Round:
    """Work that waits for its gate, and remembers how it ended."""

    def __init__(self, gate: asyncio.Event) -> None:
        self.gate = gate
        self.begun = 0
        self.ends: list[str] = []

    async def __call__(self) -> None:
        self.begun += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.ends.append("cut off")
            raise
        self.ends.append("done")


async def begun(work: Round, clock: HeldClock, times: int = 1) -> None:
    """The time of one more round comes, and it begins."""
    await happens(lambda: clock.sleepers, every=0)
    clock.move(EVERY)
    await happens(lambda: work.begun == times, every=0)


async def test_a_round_that_runs_when_the_process_is_to_end_ends_by_itself_and_is_the_last() -> None:
    clock, work = HeldClock(), Round(asyncio.Event())
    ticker = ticking([Ticker("sweep", EVERY, work)], clock, middle, drain=LONG)
    await ticker.__aenter__()
    await begun(work, clock)
    leaving = asyncio.create_task(ticker.__aexit__(None, None, None))
    await others_run()
    clock.move(10 * EVERY)
    assert not leaving.done()
    work.gate.set()
    async with asyncio.timeout(5):
        await leaving
    assert (work.begun, work.ends) == (1, ["done"])


async def test_a_ticker_that_rests_is_not_waited_for_and_begins_nothing_more() -> None:
    clock, work = HeldClock(), Round(asyncio.Event())
    async with asyncio.timeout(5), ticking([Ticker("sweep", EVERY, work)], clock, middle, drain=LONG):
        await happens(lambda: clock.sleepers, every=0)
    clock.move(10 * EVERY)
    await others_run()
    assert work.begun == 0


async def test_a_round_that_takes_longer_than_there_is_is_cut_off_and_named() -> None:
    clock, work = HeldClock(), Round(asyncio.Event())
    with capture_logs() as lines:
        async with ticking([Ticker("sweep", EVERY, work)], clock, middle, drain=AT_ONCE):
            await begun(work, clock)
    assert work.ends == ["cut off"]
    assert [(line["event"], line["ticker"]) for line in lines] == [("round cut off", "sweep")]


async def test_work_without_an_end_is_told_at_once_and_has_its_time_to_put_things_away() -> None:
    clock, began, told, put_away = HeldClock(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def lasting() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            told.set()
            await put_away.wait()

    ticker = ticking([Ticker("courier", EVERY, lasting, lasting=True)], clock, middle, drain=LONG)
    await ticker.__aenter__()
    await happens(lambda: clock.sleepers, every=0)
    clock.move(EVERY)
    async with asyncio.timeout(5):
        await began.wait()
        leaving = asyncio.create_task(ticker.__aexit__(None, None, None))
        await told.wait()
        assert not leaving.done()
        put_away.set()
        await leaving


async def test_a_round_that_fails_is_logged_and_the_next_one_comes() -> None:
    clock, gate = HeldClock(), asyncio.Event()
    gate.set()
    work = Round(gate)

    async def failing() -> None:
        await work()
        raise ValueError("no")

    with capture_logs() as lines:
        async with ticking([Ticker("sweep", EVERY, failing)], clock, middle, drain=LONG):
            await begun(work, clock)
            await begun(work, clock, times=2)
    assert [line["error"] for line in lines] == ["ValueError: no"] * 2
