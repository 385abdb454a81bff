"""What Prometheus counts of audio, from what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prometheus_client import Counter, Histogram

from shared.contracts.artifact_events import ArtifactRejected, ArtifactStored
from shared.contracts.event import Event

_SAID: Final = Counter(
    "busker_artifacts_said_total", "What was said of audio, repeats included: stored, or why not", ["verdict"]
)
_BYTES: Final = Histogram(
    "busker_artifact_bytes", "Sizes of what was said to be stored", buckets=[2**power for power in range(16, 29)]
)


def tell(said: Sequence[Event]) -> Sequence[Event]:
    """Count what a handler says, and pass it on."""
    for fact in said:
        if isinstance(fact, ArtifactStored):
            _SAID.labels("stored").inc()
            _BYTES.observe(fact.bytes)
        elif isinstance(fact, ArtifactRejected):
            _SAID.labels(fact.reason).inc()
    return said
