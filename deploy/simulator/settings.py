"""What one simulator is told at start, from its arguments and its environment."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen and how to behave until the control API says otherwise."""

    host: str = "127.0.0.1"
    port: int = 8091
    """0 takes a free port; the line printed at start names it."""
    strict_limits: bool = False
    """Apply the published rate limit and failure block from the first call on."""
    render_seconds: float | None = None
    """How long every job takes; None lets each job take its own 3 to 6 seconds."""
    audio_format: str | None = None
    """``mp3``, ``wav`` or ``flac`` for all models; None leaves each its own."""


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Arguments win over ``SIMULATOR_BIND`` (host:port), ``SIMULATOR_RENDER_SECONDS`` and ``SIMULATOR_FORMAT``.

    Exits with a usage line, as argparse does, when a value cannot be used.
    """
    usual = Settings()
    host, _, port = environment.get("SIMULATOR_BIND", "").rpartition(":")
    parser = argparse.ArgumentParser(prog="python -m deploy.simulator", description="A Venice-shaped provider.")
    parser.add_argument("--host", default=host or usual.host)
    parser.add_argument("--port", type=int, default=port or usual.port)
    parser.add_argument("--strict-limits", action="store_true")
    parser.add_argument("--render-seconds", type=float, default=environment.get("SIMULATOR_RENDER_SECONDS") or None)
    parser.add_argument("--format", choices=("mp3", "wav", "flac"), default=environment.get("SIMULATOR_FORMAT") or None)
    given = parser.parse_args(arguments)
    return Settings(given.host, given.port, given.strict_limits, given.render_seconds, given.format)
