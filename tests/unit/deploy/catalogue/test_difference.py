"""What a provider's list changes in the catalogue, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deploy.catalogue.difference import Difference, compare
from deploy.catalogue.words import lines_of
from shared.market.model_data import parse_model
from shared.market.models import Model
from shared.providers.venice.listing import Published, Unclear

KNOWN = parse_model(
    {
        "id": "venice-song",
        "kind": "music",
        "name": "Song",
        "provider": "venice",
        "provider_model": "song",
        "created": 5,
        "pricing": {"per_second": "2300"},
        "aliases": ["a-song"],
        "min_duration": 1,
        "max_duration": 30,
        "supports_lyrics": True,
        "speaks_lyrics": True,
        "prompt_limit": 450,
        "assumed": ["max_duration", "prompt_limit"],
    }
)
SAID: dict[str, Any] = {"name": "Song", "pricing": {"per_second": "2300"}}


def difference(*listed: Published | Unclear, known: tuple[Model, ...] = (KNOWN,)) -> Difference:
    return compare(known, listed, provider="venice", kind="music")


def said(found: Difference, *removed: str) -> str:
    return "\n".join(lines_of(found, frozenset(removed)))


def test_a_model_that_is_listed_as_it_is_known_is_no_difference() -> None:
    found = difference(Published("song", SAID))
    assert said(found) == ""
    assert found.models == [KNOWN]


def test_a_new_price_is_taken_over_and_shown_with_the_old_one() -> None:
    found = difference(Published("song", SAID | {"pricing": {"per_second": "2500"}}))
    assert [model.pricing for model in found.models] == [parse_price("2500")]
    assert "pricing: 2300 a second → 2500 a second" in said(found)


def test_a_published_limit_is_assumed_no_more_though_it_be_the_same() -> None:
    found = difference(Published("song", SAID | {"max_duration": 30}))
    assert found.models == [replace(KNOWN, assumed=("prompt_limit",))]
    assert "no longer assumed: max_duration" in said(found)


def test_what_the_provider_does_not_say_stays_as_it_was() -> None:
    (after,) = difference(Published("song", SAID | {"max_duration": 40, "created": 9})).models
    assert after == replace(KNOWN, max_duration=40, assumed=("prompt_limit",))


def test_a_model_that_is_no_longer_listed_stays_and_is_reported() -> None:
    found = difference(Published("other", SAID))
    assert found.gone == [KNOWN]
    assert KNOWN in found.models
    assert "--remove venice-song" in said(found)
    assert "it removed" in said(found, "venice-song")


def test_models_of_other_providers_are_none_of_this_lists_business() -> None:
    other = replace(KNOWN, id="else", provider="elsewhere", aliases=())
    found = difference(Published("song", SAID), known=(KNOWN, other))
    assert found.gone == []
    assert found.models == [KNOWN, other]


def test_a_new_model_says_which_of_its_limits_nobody_published() -> None:
    found = difference(Published("song", SAID), Published("hum", SAID | {"supports_lyrics": True, "created": 7}))
    (new,) = found.added
    assert (new.id, new.created, new.supports_lyrics) == ("venice-hum", 7, True)
    assert {"prompt_limit", "lyrics_limit", "max_duration"} <= set(new.assumed)
    assert "supports_lyrics" not in new.assumed
    assert "new      venice-hum: 2300 a second" in said(found)
    assert "no durations are published" in said(found)


def test_a_new_model_whose_name_is_taken_is_skipped() -> None:
    taken = replace(KNOWN, id="venice-hum", provider_model="hum-1", aliases=())
    found = difference(Published("song", SAID), Published("hum-1", SAID), Published("hum", SAID), known=(KNOWN, taken))
    assert found.added == []
    assert "skipped  'hum': the name venice-hum is taken" in said(found)


def test_what_cannot_be_taken_over_is_skipped_whole_and_reported() -> None:
    found = difference(Published("song", SAID | {"max_duration": "30", "pricing": {"per_second": "1"}}))
    assert found.models == [KNOWN]
    assert "skipped  'song': it cannot be taken over: max_duration must be a whole number" in said(found)


def test_a_price_that_cannot_be_read_leaves_the_model_as_it_was() -> None:
    found = difference(Unclear("song", "its price is in a shape that is not known: 'per_note'"))
    assert found.models == [KNOWN]
    assert found.gone == []
    assert "per_note" in said(found)


def parse_price(micros: str) -> object:
    return parse_model({**_required(), "pricing": {"per_second": micros}}).pricing


def _required() -> dict[str, Any]:
    return {"id": "x", "kind": "music", "name": "x", "provider": "venice", "provider_model": "x", "created": 0}
