"""Log lines: one JSON object each, with nothing in them that must stay secret."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.runtime.redaction import redacted


def begin_logging(service: str, level: str, form: str) -> None:
    """Set every logger of this process up: ours and those of libraries, on standard output."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
        structlog.processors.format_exc_info,
        _redacting,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if form == "console"
        else structlog.processors.JSONRenderer(default=str)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:-1], _source],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redacting, renderer],
        )
    )
    # Libraries speak from WARNING up: aio-pika, for one, shows whole message bodies at DEBUG.
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _named(service: str) -> Processor:
    def add(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        line["service"] = service
        return line

    return add


def _source(logger: WrappedLogger, _: str, line: EventDict) -> EventDict:
    line["logger"] = getattr(logger, "name", None) or line["_record"].name
    return line


def _redacting(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    clean: dict[str, Any] = redacted(line)
    return clean
