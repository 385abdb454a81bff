"""The envelope of every event: CloudEvents 1.0 in structured JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.contracts.event import Event
from shared.contracts.facts import FACTS
from shared.kernel.errors import Unusable

CONTENT_TYPE: Final = "application/cloudevents+json"


class Envelope(BaseModel):
    """One event as it travels.  ``id`` is stable across repeats of the same fact."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: AwareDatetime
    dataschema: str
    datacontenttype: Literal["application/json"] = "application/json"
    traceparent: str | None = None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """An event out of its envelope, with what the envelope knew."""

    event: Event
    time: datetime
    traceparent: str | None


def schema_of(event: type[Event]) -> str:
    """The name of an event's schema, its major version last."""
    return f"urn:busker:event:{event.TYPE}:{event.VERSION}"


def enclose(event: Event, *, at: datetime, traceparent: str | None) -> bytes:
    """The body to publish.  The source is the service that the catalogue lets say this fact."""
    envelope = Envelope(
        id=event.event_id,
        source=f"/services/{FACTS[event.TYPE].said_by}",
        type=event.TYPE,
        subject=event.subject,
        time=at,
        dataschema=schema_of(type(event)),
        traceparent=traceparent,
        data=event.model_dump(mode="json"),
    )
    return envelope.model_dump_json(exclude_none=True).encode()


def disclose(body: bytes) -> Heard:
    """Read a body that :func:`enclose` wrote, at this version or a compatible one.

    Raises :class:`Unusable` for anything else: other JSON, an unknown type, a newer major version.
    """
    try:
        envelope = Envelope.model_validate_json(body)
        fact = FACTS.get(envelope.type)
        if fact is None or envelope.dataschema != schema_of(fact.event):
            raise Unusable(f"no event of ours: type {envelope.type[:100]!r}, schema {envelope.dataschema[:100]!r}")
        return Heard(fact.event.model_validate(envelope.data), envelope.time, envelope.traceparent)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Unusable(f"not an envelope of ours: {error.error_count()} errors, first at {where!r}") from None
