"""``python -m bench [--only PART …] [--json FILE]``."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TypeAlias

import structlog

from bench import artifacts, market, poller, selection, submit, webhooks
from bench.figures import Figure, compared, save, table
from bench.progress import Say, stopwatch
from bench.stage import Stage, open_stage

Measure: TypeAlias = Callable[[Stage, Say], Iterator[Figure]]

ON_STAGE: Final[Mapping[str, Measure]] = {
    submit.PART: submit.measure,
    market.PART: market.measure,
    poller.PART: poller.measure,
    webhooks.PART: webhooks.measure,
    artifacts.PART: artifacts.measure,
}
"""What needs servers, in the order in which it is measured."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What the market costs, against a floor.")
    parser.add_argument("--only", nargs="+", choices=[selection.PART, *ON_STAGE], metavar="PART", help="these parts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    asked = parser.parse_args()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # As an interrupt does, so that the servers and their folder go whoever ends us.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    figures: list[Figure] = [_load("before")]
    try:
        for figure in _figures(asked.only or [selection.PART, *ON_STAGE], stopwatch()):
            figures.append(figure)
        figures.append(_load("after"))
    finally:
        print(table(figures))
        if asked.json:
            save(figures, asked.json)


def _load(when: str) -> Figure:
    """How busy the machine is, for whoever reads the seconds."""
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    return compared("machine", f"load {when}", load, "processes", floor=processors, against="processors")


def _figures(parts: list[str], say: Say) -> Iterator[Figure]:
    if selection.PART in parts:
        yield from selection.measure(say)
    staged = [measure for part, measure in ON_STAGE.items() if part in parts]
    with ExitStack() as stack:
        stage = stack.enter_context(open_stage(say)) if staged else None
        for measure in staged:
            assert stage is not None
            yield from measure(stage, say)


main()
