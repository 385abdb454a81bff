"""The facts of an artifact: kept, refused, forgotten."""

from typing import ClassVar

from shared.contracts.event import AttemptEvent
from shared.contracts.wire import WireInstant


class ArtifactEvent(AttemptEvent):
    """A fact about output number ``index`` (from 0) of an attempt."""

    index: int = 0


class ArtifactStored(ArtifactEvent):
    """The audio is in the object store, whole and verified."""

    TYPE: ClassVar[str] = "artifact.stored"

    key: str
    """Its object's key."""
    content_type: str
    bytes: int
    sha256: str
    duration_millis: int
    retained_until: WireInstant


class ArtifactRejected(ArtifactEvent):
    """What the provider gave is not the audio that was asked for."""

    TYPE: ClassVar[str] = "artifact.rejected"

    offer_id: str
    reason: str
    """``not_audio``, ``truncated``, ``too_large``, ``too_slow``, ``wrong_duration``, ``compressed``, ``gone``."""
    message: str
    code: str | None = None
    """``content_policy`` or ``provider_rejected`` where it is the request that was wrong, and nothing was given."""
    suggestion: str | None = None


class ArtifactExpired(ArtifactEvent):
    """Retention is over and the object is gone."""

    TYPE: ClassVar[str] = "artifact.expired"
