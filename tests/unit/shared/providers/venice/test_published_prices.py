"""Published prices become exact amounts, or are said not to be understood."""

from __future__ import annotations

from typing import Any

import pytest

from shared.providers.venice.listing import published_price
from shared.providers.venice.replies import read_json


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ('{"generation": {"usd": 0.18, "diem": 0.18}}', {"generation": "180000"}),
        ('{"generation": {"usd": 1}}', {"generation": "1000000"}),
        ('{"per_second": {"usd": 0.0009200000000000001}}', {"per_second": "920"}),
        ('{"per_second": {"usd": 0.0028750000000000004}}', {"per_second": "2875"}),
        (
            '{"per_thousand_characters": {"usd": 0.11500000000000002}}',
            {"per_thousand_characters": "115000"},
        ),
        (
            '{"durations": {"90": {"usd": 0.04, "max_seconds": 90}, "60": {"usd": 0.03, "max_seconds": 60}}}',
            {"durations": [{"max_seconds": 60, "usdc": "30000"}, {"max_seconds": 90, "usdc": "40000"}]},
        ),
    ],
)
def test_each_shape_is_read_to_the_nearest_micro(text: str, price: dict[str, Any]) -> None:
    assert published_price(read_json(text.encode())) == price


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "0.18",
        "{}",
        '{"per_note": {"usd": 0.18}}',
        '{"generation": 0.18}',
        '{"generation": {"usd": 0.18}, "per_second": {"usd": 0.18}}',
        '{"generation": {"diem": 0.18}}',
        '{"generation": {"usd": "0.18"}}',
        '{"generation": {"usd": true}}',
        '{"generation": {"usd": 0}}',
        '{"generation": {"usd": -1}}',
        '{"generation": {"usd": 1e-9}}',
        '{"generation": {"usd": 1e999999}}',
        '{"durations": {"60": {"usd": 0.03}}}',
        '{"durations": {"60": 0.03}}',
        '{"durations": [{"usd": 0.03, "max_seconds": 60}]}',
    ],
)
def test_a_shape_or_an_amount_that_is_not_known_is_no_price(text: str) -> None:
    with pytest.raises(ValueError, match="its price"):
        published_price(read_json(text.encode()))
