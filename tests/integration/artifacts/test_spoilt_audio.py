"""A provider that cuts, lies, stalls, bombs and pretends: what is kept is whole, or nothing is."""

from typing import Any

import pytest

from services.artifacts.domain.patience import MOST_CALLS, MOST_TRIES
from shared.contracts.artifact_events import ArtifactRejected, ArtifactStored
from tests.integration.artifacts.orders import known_to
from tests.integration.artifacts.workshop import Workshop

KIB_64 = 64 * 1024
ONE_BODY, NO_TRY_AGAIN = MOST_TRIES - 1, 0


async def rejected(workshop: Workshop, *behaviors: dict[str, Any], **order: Any) -> tuple[ArtifactRejected, int]:
    """The rejection that these misbehaviors lead to, and how many troubles came before it."""
    news = await workshop.order(**order)
    await workshop.provider.audio({"model": news.provider_model, "queue_id": news.provider_job_id})
    await workshop.provider.misbehave(*behaviors)
    (said,), troubles = await workshop.settle(news)
    assert isinstance(said, ArtifactRejected)
    assert (said.offer_id, said.attempt, said.job_id) == (news.offer_id, news.attempt, news.job_id)
    assert await workshop.kept(news) == {}
    assert await workshop.uploads() == 0
    assert (await known_to(workshop.provider, news))["completes"] == 0
    return said, len(troubles)


@pytest.mark.parametrize("framing", ["honest", "lying", "chunked"])
@pytest.mark.parametrize("model", ["elevenlabs-music", "stable-audio-25"])
async def test_a_song_that_is_cut_is_truncated_whatever_its_length_claims(
    workshop: Workshop, model: str, framing: str
) -> None:
    said, troubles = await rejected(workshop, {"do": "cut", "share": 0.7, "framing": framing}, model=model)
    assert (said.reason, troubles) == ("truncated", ONE_BODY)


async def test_a_song_that_is_cut_after_any_64_kib_is_not_kept(workshop: Workshop) -> None:
    news = await workshop.order(model="stable-audio-25", seconds=6)
    whole = await workshop.provider.audio({"model": news.provider_model, "queue_id": news.provider_job_id})
    cuts = range(KIB_64, len(whole.body), KIB_64)
    assert len(cuts) > 5
    for cut in cuts:
        said, _ = await rejected(
            workshop, {"do": "cut", "bytes": cut, "framing": "lying"}, model="stable-audio-25", seconds=6
        )
        assert said.reason == "truncated"
        await workshop.provider.misbehave()


@pytest.mark.parametrize(
    ("behavior", "reason", "troubles"),
    [
        ({"do": "fake_audio", "form": "random"}, "not_audio", ONE_BODY),
        ({"do": "fake_audio", "form": "html"}, "not_audio", ONE_BODY),
        ({"do": "fake_audio", "form": "empty"}, "not_audio", ONE_BODY),
        ({"do": "fake_audio", "form": "gzip_bomb", "bytes": 2**30}, "compressed", NO_TRY_AGAIN),
        ({"do": "fake_audio", "form": "endless"}, "too_large", NO_TRY_AGAIN),
        ({"do": "refuse", "status": 500, "on": "retrieve"}, "gone", MOST_CALLS - 1),
        ({"do": "refuse", "status": 404, "on": "retrieve"}, "gone", MOST_CALLS - 1),
        ({"do": "garbage", "form": "html", "on": "retrieve"}, "gone", MOST_CALLS - 1),
        ({"do": "drop", "on": "retrieve"}, "gone", MOST_CALLS - 1),
    ],
    ids=lambda value: str(value.get("form") or value.get("status") or value["do"]) if isinstance(value, dict) else None,
)
async def test_what_is_no_audio_is_rejected(
    workshop: Workshop, behavior: dict[str, Any], reason: str, troubles: int
) -> None:
    said, found = await rejected(workshop, behavior)
    assert (said.reason, found) == (reason, troubles)


async def test_a_song_of_another_length_is_rejected_at_once(workshop: Workshop) -> None:
    news = await workshop.order(seconds=3)
    await workshop.database["jobs"].update_one({"_id": news.job_id}, {"$set": {"parameters.duration_seconds": 60}})
    (said,), _ = await workshop.settle(news)
    assert isinstance(said, ArtifactRejected)
    assert said.reason == "wrong_duration"
    assert (await known_to(workshop.provider, news))["full_retrieves"] == 1


async def test_a_song_under_a_wrong_label_is_kept_for_what_it_is(workshop: Workshop) -> None:
    news = await workshop.order()
    await workshop.provider.misbehave({"do": "mislabel", "content_type": "audio/x-nonsense"})
    (said,), _ = await workshop.settle(news)
    assert isinstance(said, ArtifactStored)
    assert said.content_type in ("audio/mpeg", "audio/flac", "audio/wav")


async def test_a_provider_that_mends_its_ways_is_paid_after_all(workshop: Workshop) -> None:
    news = await workshop.order()
    await workshop.provider.audio({"model": news.provider_model, "queue_id": news.provider_job_id})
    await workshop.provider.misbehave({"do": "cut", "share": 0.5, "times": 2})
    (said,), troubles = await workshop.settle(news)
    assert isinstance(said, ArtifactStored)
    assert len(troubles) == 2
