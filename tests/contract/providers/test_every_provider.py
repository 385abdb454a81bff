"""What holds for every provider, in memory or behind a wire."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.kernel.money import Money
from shared.market.catalogue import shipped_catalogue
from shared.market.parameters import Parameters
from shared.providers.memory import Script
from shared.providers.outcomes import (
    Barred,
    Broken,
    Failed,
    FaultCode,
    Faulty,
    Forgotten,
    LookAgain,
    LookOutcome,
    Missing,
    NotForgotten,
    NotQuoted,
    Pause,
    Quoted,
    QuoteOutcome,
    Ready,
    Refused,
    SubmitOutcome,
    Submitted,
    Unknown,
    Working,
)
from shared.providers.provider import Body, FetchFailed, Gone, Handed, NotReady
from shared.providers.request_fault import RequestFault
from tests.contract.providers.stages import STAGES, Stage

MODEL = shipped_catalogue()["venice-ace-step-15"]
WANTED = Parameters(MODEL.id, "rain on a tin roof", duration_seconds=60)
SOON = timedelta(seconds=10)
STRANGER = Handed(MODEL.provider_model, "never-heard-of", MODEL.kind)


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param]() as opened:
        yield opened


async def submitted(stage: Stage, script: Script) -> Handed:
    stage.expect(script)
    outcome = await stage.provider.submit(stage.access, MODEL, WANTED)
    assert isinstance(outcome, Submitted)
    return Handed(MODEL.provider_model, outcome.provider_job_id, MODEL.kind)


async def read(body: Body) -> bytes:
    return b"".join([chunk async for chunk in body.chunks])


@pytest.mark.parametrize(
    "outcome",
    [
        Quoted(Money(30000)),
        Quoted(Money(1)),
        NotQuoted("no such model", definite=True),
        NotQuoted("Rate limit exceeded", False, Pause.THROTTLED, 429, timedelta(seconds=7)),
    ],
    ids=str,
)
async def test_a_quote_says_what_the_provider_says(stage: Stage, outcome: QuoteOutcome) -> None:
    stage.quote(outcome)
    assert await stage.provider.quote(stage.access, MODEL, WANTED) == outcome


async def test_each_submitted_job_gets_an_id_of_its_own(stage: Stage) -> None:
    first = await submitted(stage, Script())
    second = await submitted(stage, Script())
    assert first.provider_job_id != second.provider_job_id


@pytest.mark.parametrize(
    "outcome",
    [
        Refused("Authentication failed", Pause.KEY, 401),
        Refused("INSUFFICIENT_BALANCE", Pause.KEY, 402),
        Refused("Rate limit exceeded", Pause.THROTTLED, 429, timedelta(seconds=7)),
        Refused("The model is at capacity", Pause.BACKOFF, 503),
        Faulty("provider_rejected", "duration_seconds is not for this model"),
        Faulty("content_policy", "not this", "rather that"),
        Unknown("bad gateway"),
    ],
    ids=str,
)
async def test_a_submit_that_is_not_taken_says_why(stage: Stage, outcome: SubmitOutcome) -> None:
    stage.expect(Script(submit=outcome))
    assert await stage.provider.submit(stage.access, MODEL, WANTED) == outcome


@pytest.mark.parametrize(
    "outcome",
    [
        Working(timedelta(seconds=20), timedelta(seconds=5)),
        Working(),
        Failed("content_policy", "not this", "rather that"),
        Failed("provider_rejected", "that cannot be rendered"),
        Missing(),
        Barred("Authentication failed"),
        Broken("inference processing failed"),
        LookAgain("The model is at capacity", timedelta(seconds=3)),
        Ready("audio/wav"),
    ],
    ids=str,
)
async def test_a_look_says_how_the_job_stands(stage: Stage, outcome: LookOutcome) -> None:
    handed = await submitted(stage, Script(looks=(outcome,)) if not isinstance(outcome, Ready) else READY_WAV)
    assert await stage.provider.look(stage.access, handed) == outcome


READY_WAV = Script(content_type="audio/wav")


async def test_looks_follow_one_another_until_the_media_is_ready(stage: Stage) -> None:
    handed = await submitted(stage, Script(looks=(Working(), Working())))
    looks = [await stage.provider.look(stage.access, handed) for _ in range(4)]
    assert looks == [Working(), Working(), Ready("audio/mpeg"), Ready("audio/mpeg")]


async def test_a_job_never_heard_of_is_missing_gone_and_forgotten(stage: Stage) -> None:
    assert await stage.provider.look(stage.access, STRANGER) == Missing()
    assert await stage.provider.forget(stage.access, STRANGER) == Forgotten()
    with pytest.raises(Gone):
        async with stage.provider.fetch(stage.access, STRANGER, within=SOON):
            pytest.fail("nothing was opened")


@pytest.mark.parametrize("announced", [True, False])
async def test_media_arrives_whole_and_in_small_pieces(stage: Stage, announced: bool) -> None:
    media = bytes(range(256)) * 1000
    handed = await submitted(stage, Script(media=media, announced=announced))
    async with stage.provider.fetch(stage.access, handed, within=SOON) as body:
        chunks = [chunk async for chunk in body.chunks]
    assert body.content_type == "audio/mpeg"
    assert body.length == (len(media) if announced else None)
    assert b"".join(chunks) == media
    assert max(map(len, chunks)) <= 64 * 1024


async def test_media_can_be_fetched_again(stage: Stage) -> None:
    handed = await submitted(stage, Script(media=b"once more"))
    for _ in range(2):
        async with stage.provider.fetch(stage.access, handed, within=SOON) as body:
            assert await read(body) == b"once more"


async def test_a_fetch_may_be_left_before_its_end(stage: Stage) -> None:
    handed = await submitted(stage, Script(media=bytes(1_000_000)))
    async with stage.provider.fetch(stage.access, handed, within=SOON) as body:
        await anext(body.chunks)
    assert await stage.provider.look(stage.access, handed) == Ready("audio/mpeg")


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("breaks_after", [0, 1, 65536, 100_000])
async def test_media_that_breaks_off_is_never_taken_for_whole(stage: Stage, announced: bool, breaks_after: int) -> None:
    script = Script(media=bytes(200_000), announced=announced, breaks_after=breaks_after)
    handed = await submitted(stage, script)
    with pytest.raises(FetchFailed) as failed:
        async with stage.provider.fetch(stage.access, handed, within=SOON) as body:
            await read(body)
    assert failed.value.retryable


async def test_media_that_is_being_rendered_is_not_ready(stage: Stage) -> None:
    handed = await submitted(stage, Script(then=Working()))
    with pytest.raises(NotReady):
        async with stage.provider.fetch(stage.access, handed, within=SOON):
            pytest.fail("nothing was opened")


@pytest.mark.parametrize(
    ("outcome", "retryable"),
    [
        (Broken("down"), True),
        (Barred("no"), True),
        (Failed("content_policy", "not this"), False),
        (LookAgain("full"), True),
    ],
    ids=str,
)
async def test_a_fetch_without_media_says_whether_another_may_work(
    stage: Stage, outcome: LookOutcome, retryable: bool
) -> None:
    handed = await submitted(stage, Script(then=outcome))
    with pytest.raises(FetchFailed) as failed:
        async with stage.provider.fetch(stage.access, handed, within=SOON):
            pytest.fail("nothing was opened")
    assert failed.value.retryable is retryable


@pytest.mark.parametrize("code", ["content_policy", "provider_rejected"])
async def test_a_fetch_that_is_refused_for_its_request_says_what_is_wrong_with_it(
    stage: Stage, code: FaultCode
) -> None:
    handed = await submitted(stage, Script(then=Failed(code, "not this", "a quiet song")))
    with pytest.raises(RequestFault, match="not this") as fault:
        async with stage.provider.fetch(stage.access, handed, within=SOON):
            pytest.fail("nothing was opened")
    assert (fault.value.code, fault.value.suggestion) == (code, "a quiet song")


async def test_what_is_forgotten_is_gone(stage: Stage) -> None:
    handed = await submitted(stage, Script())
    assert await stage.provider.forget(stage.access, handed) == Forgotten()
    assert await stage.provider.look(stage.access, handed) == Missing()
    assert await stage.provider.forget(stage.access, handed) == Forgotten()


async def test_what_could_not_be_forgotten_is_still_there(stage: Stage) -> None:
    handed = await submitted(stage, Script(forgets=(NotForgotten("storage is busy"),)))
    assert await stage.provider.forget(stage.access, handed) == NotForgotten("storage is busy")
    assert await stage.provider.look(stage.access, handed) == Ready("audio/mpeg")
    assert await stage.provider.forget(stage.access, handed) == Forgotten()
