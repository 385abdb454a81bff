"""Logs are kept rather than printed: tracebacks take seconds to print well."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[dict[str, object]]]:
    """The lines that a test wrote."""
    with structlog.testing.capture_logs() as captured:
        yield captured
