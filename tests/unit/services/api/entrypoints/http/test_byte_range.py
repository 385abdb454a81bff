"""Parts of an object: those of RFC 9110 that one answer can carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.entrypoints.http.byte_range import ByteRange, Unsatisfiable, wanted


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-9", ByteRange(0, 9)),
        ("bytes=90-200", ByteRange(90, 99)),
        ("bytes=99-", ByteRange(99, 99)),
        ("bytes=-1", ByteRange(99, 99)),
        ("bytes=-200", ByteRange(0, 99)),
        (" Bytes=5-5 ", ByteRange(5, 5)),
    ],
)
def test_one_part_of_a_hundred_bytes(header: str, part: ByteRange) -> None:
    assert wanted(header, 100) == part


@pytest.mark.parametrize("header", [None, "", "bytes=", "bytes=5-4", "bytes=1-2,4-5", "bytes=a-", "items=0-5", "0-5"])
def test_what_is_no_single_range_is_everything(header: str | None) -> None:
    assert wanted(header, 100) is None


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_a_part_behind_the_end_cannot_be_had(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        wanted(header, size)


@given(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 300)), st.integers(1, 200))
def test_a_part_is_what_slicing_gives(first: int, last: int | None, size: int) -> None:
    data = bytes(index % 251 for index in range(size))
    try:
        part = wanted(f"bytes={first}-{'' if last is None else last}", size)
    except Unsatisfiable:
        assert first >= size
        return
    if part is None:
        assert last is not None
        assert last < first
        return
    sliced = data[part.first : part.last + 1]
    assert sliced == data[first:] if last is None else data[first : last + 1]
    assert part.length == len(sliced) > 0
