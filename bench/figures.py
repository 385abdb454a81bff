"""A figure: what was measured, in which unit, and how it compares with something else of the same run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

THREE_DIGITS: Final = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """``ratio`` is ``value`` divided by what ``against`` names."""

    part: str
    what: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""


def compared(part: str, what: str, value: float, unit: str, *, floor: float, against: str) -> Figure:
    """A figure with its ratio to ``floor``."""
    return Figure(part, what, value, unit, value / floor if floor else None, against)


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines, a part after the other."""
    rows = [(figure.part, figure.what, short(figure.value), figure.unit, _ratio(figure)) for figure in figures]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return "\n".join(
        f"{part:<{widths[0]}}  {what:<{widths[1]}}  {value:>{widths[2]}} {unit:<{widths[3]}}  {ratio}".rstrip()
        for part, what, value, unit, ratio in rows
    )


def save(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures, unrounded, for a program to compare."""
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")


def short(value: float) -> str:
    """Three digits that count, and none of the others."""
    if value == 0 or abs(value) >= THREE_DIGITS:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _ratio(figure: Figure) -> str:
    return "" if figure.ratio is None else f"{short(figure.ratio)} x {figure.against}"
