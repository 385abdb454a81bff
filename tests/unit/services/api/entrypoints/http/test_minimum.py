"""The minimum discount in front of a path: exactly min0 to min100, and nothing that looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.entrypoints.http.minimum import floor_of
from services.api.entrypoints.http.refusals import InvalidMinimumDiscount
from shared.market.discount import Floor


@given(st.integers(0, 100))
def test_every_whole_percent_is_one(percent: int) -> None:
    assert floor_of(f"/min{percent}/v1/music/generations") == Floor(percent)


@pytest.mark.parametrize("path", ["/v1/models", "/", "/minimal", "/min30", "/api/min30/v1/x", "/docs", "/m/v1/x"])
def test_other_paths_have_none(path: str) -> None:
    assert floor_of(path) is None


@pytest.mark.parametrize(
    "segment",
    ["min", "min101", "min00", "min030", "min+3", "min-3", "min3.0", "min3%", "minx", "min٣", "min 3", "min3\n"],
)
def test_what_only_looks_like_one_is_refused(segment: str) -> None:
    with pytest.raises(InvalidMinimumDiscount):
        floor_of(f"/{segment}/v1/models")


@given(st.text(alphabet=st.characters(exclude_characters="/"), max_size=8))
def test_whatever_follows_min_it_is_a_percent_or_refused(text: str) -> None:
    try:
        floor = floor_of(f"/min{text}/v1/x")
    except InvalidMinimumDiscount:
        return
    assert floor is not None
    assert text == str(floor.percent)
