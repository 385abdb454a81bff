"""An attempt came to nothing after a provider had accepted it."""

from datetime import timedelta

import pytest

from services.router.handlers.decide_again import decide_again
from shared.contracts.artifact_events import ArtifactRejected
from shared.contracts.event import Event
from shared.contracts.job_events import AttemptFailed, JobRouted, JobUnroutable
from shared.contracts.records.artifact import ArtifactRecord, ArtifactState
from shared.contracts.records.job import JobStatus
from shared.kernel.money import ZERO
from shared.market.standings import Health
from shared.providers.outcomes import Pause, Refused, Unknown
from tests.unit.services.router.market import EXPIRES, job, offer
from tests.unit.services.router.world import World


def failed(attempt: int = 1, code: str = "provider_error", suggestion: str | None = None) -> AttemptFailed:
    return AttemptFailed(
        job_id="job", kind="music", attempt=attempt, offer_id="a", code=code, message="it broke", suggestion=suggestion
    )


def rejected(attempt: int = 1) -> ArtifactRejected:
    return ArtifactRejected(
        job_id="job", kind="music", attempt=attempt, offer_id="a", reason="not_audio", message="this is a web page"
    )


def refused_at_the_fetch(code: str, suggestion: str) -> ArtifactRejected:
    gone = rejected().model_copy(update={"reason": "gone", "message": "it broke"})
    return gone.model_copy(update={"code": code, "suggestion": suggestion})


async def routed(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000), offer("c", 8_000))
    await world.route()


def codes(said: list[Event]) -> list[str]:
    return [each.code if isinstance(each, JobUnroutable) else type(each).TYPE for each in said]


@pytest.mark.parametrize("failure", [failed(), rejected()])
async def test_the_next_offer_is_tried_and_the_first_one_is_noted(world: World, failure: Event) -> None:
    await routed(world)
    said = await decide_again(failure, routing=world.routing)  # type: ignore[arg-type]
    assert codes(list(said)) == ["offer.standing_changed", "job.routed"]
    assert await world.history() == [(1, "a", "failed"), (2, "b", "submitted")]
    standing = await world.standing("a")
    assert (standing.in_flight, standing.spent, standing.failures) == (0, ZERO, 1)


async def test_hearing_of_a_failure_again_starts_nothing_and_says_what_followed(world: World) -> None:
    await routed(world)
    first = await decide_again(failed(), routing=world.routing)
    assert await decide_again(failed(), routing=world.routing) == [first[-1]]
    assert world.asked() == ["a", "b"]


async def test_news_of_an_older_attempt_changes_nothing(world: World) -> None:
    await routed(world)
    await decide_again(failed(), routing=world.routing)
    await decide_again(rejected(1), routing=world.routing)
    assert await world.history() == [(1, "a", "failed"), (2, "b", "submitted")]


@pytest.mark.parametrize("code", ["content_policy", "provider_rejected"])
@pytest.mark.parametrize("heard_at", ["a look", "the fetch"])
async def test_what_is_wrong_with_the_request_ends_the_job(world: World, code: str, heard_at: str) -> None:
    await routed(world)
    advice = "a quiet song"
    news = failed(code=code, suggestion=advice) if heard_at == "a look" else refused_at_the_fetch(code, advice)
    (said,) = await decide_again(news, routing=world.routing)
    assert isinstance(said, JobUnroutable)
    assert (said.code, said.message) == (code, "it broke Suggested prompt: a quiet song")
    assert (await world.standing("a")).health is Health.HEALTHY


async def test_without_time_left_the_job_expired(world: World) -> None:
    await routed(world)
    world.clock.move(EXPIRES - world.now)
    said = await decide_again(failed(code="expired"), routing=world.routing)
    assert codes(list(said)) == ["offer.standing_changed", "expired"]


async def test_when_no_offer_is_left_the_failure_is_the_reason(world: World) -> None:
    await world.open(offer("a", 6_000))
    await world.route()
    assert codes(list(await decide_again(failed(), routing=world.routing)))[-1] == "provider_error"


async def test_when_no_offer_is_left_after_bad_audio_that_is_the_reason(world: World) -> None:
    await world.open(offer("a", 6_000))
    await world.route()
    said = await decide_again(rejected(), routing=world.routing)
    assert isinstance(said[-1], JobUnroutable)
    assert (said[-1].code, said[-1].message) == ("artifact_rejected", "this is a web page")


async def test_a_failure_after_an_unknown_outcome_may_still_go_on(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000), offer("c", 8_000))
    world.answers(Unknown("reset"))
    await world.route()
    await decide_again(failed(2), routing=world.routing)
    assert await world.history() == [(1, "a", "unknown"), (2, "b", "failed"), (3, "c", "submitted")]


async def test_a_canceled_job_gets_no_further_attempt(world: World) -> None:
    await routed(world)
    world.jobs.put(job(cancel_requested_at=world.now))
    said = await decide_again(failed(), routing=world.routing)
    assert codes(list(said))[-1] == "canceled"
    assert world.asked() == ["a"]


async def test_a_job_that_has_ended_is_left_to_its_ending(world: World) -> None:
    await routed(world)
    world.jobs.put(job(status=JobStatus.EXPIRED))
    assert await decide_again(failed(), routing=world.routing) == ()
    assert await world.history() == [(1, "a", "submitted")]


@pytest.mark.parametrize("state", [ArtifactState.CLAIMED, ArtifactState.STORED])
async def test_a_look_that_failed_after_the_audio_was_fetched_means_nothing(world: World, state: ArtifactState) -> None:
    await routed(world)
    world.artifacts.put(ArtifactRecord("job", 0, 1, state, world.now + timedelta(minutes=1)))
    assert await decide_again(failed(), routing=world.routing) == ()
    assert await world.history() == [(1, "a", "submitted")]


async def test_rejected_audio_is_followed_by_another_attempt_though_its_row_is_there(world: World) -> None:
    await routed(world)
    world.artifacts.put(ArtifactRecord("job", 0, 1, ArtifactState.REJECTED, None))
    said = await decide_again(rejected(), routing=world.routing)
    assert isinstance(said[-1], JobRouted)


async def test_no_attempt_is_made_while_audio_of_an_earlier_one_is_being_kept(world: World) -> None:
    await routed(world)
    await decide_again(failed(), routing=world.routing)
    world.artifacts.put(ArtifactRecord("job", 0, 1, ArtifactState.CLAIMED, None))
    said = await decide_again(failed(2), routing=world.routing)
    assert codes(list(said)) == ["offer.standing_changed"]
    assert await world.history() == [(1, "a", "failed"), (2, "b", "failed")]
    assert (await world.standing("c")).in_flight == 0


async def test_news_of_an_attempt_that_was_refused_is_ignored(world: World) -> None:
    await world.open(offer("a", 6_000), offer("b", 7_000))
    world.answers(Refused("full", Pause.BACKOFF, 503))
    await world.route()
    assert await decide_again(failed(1), routing=world.routing) == ()


async def test_news_of_an_attempt_that_never_was_is_ignored(world: World) -> None:
    world.jobs.put(job())
    assert await decide_again(failed(), routing=world.routing) == ()
