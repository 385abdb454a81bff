"""What a buyer writes to order a job, or to have it quoted."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, field_validator

from services.api.domain.order import IdempotencyKey
from services.api.domain.refusals import InvalidRequest
from services.api.entrypoints.http.strict_json import Body
from shared.market.discount import Floor
from shared.market.models import LONGEST_LYRICS, LONGEST_PROMPT
from shared.market.parameters import Parameters

MOST_METADATA: Final = 16 * 1024
DEEPEST_METADATA: Final = 8

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


def _without_null(schema: dict[str, Any]) -> None:
    """Describe fields that may be left out and never be null, which the types alone do not tell apart."""
    for field in schema["properties"].values():
        if field.get("default", ...) is None:
            (said,) = (one for one in field.pop("anyOf") if one != {"type": "null"})
            del field["default"]
            field.update(said)


class OrderBody(Body):
    """One music job in the buyer's words."""

    model_config = ConfigDict(json_schema_extra=_without_null)

    model: Annotated[str, Field(min_length=1, max_length=128, description="A model of the catalogue, or an alias.")]
    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
    duration_seconds: Annotated[int | None, Field(ge=1, le=86_400)] = None
    lyrics_prompt: Annotated[str | None, Field(max_length=LONGEST_LYRICS)] = None
    force_instrumental: bool | None = None
    voice: Annotated[str | None, Field(max_length=128)] = None
    language_code: Annotated[str | None, Field(max_length=8)] = None
    webhook_url: Annotated[str | None, Field(max_length=2048)] = None
    metadata: Annotated[dict[str, Any] | None, Field(description="Given back unchanged; at most 16 KiB.")] = None

    @field_validator("*", mode="before")
    @classmethod
    def _said(cls, value: object) -> object:
        if value is None:
            raise ValueError("null is no value; leave the field out")
        return value

    def parameters(self) -> Parameters:
        """The job itself, whoever may want it."""
        return Parameters(
            model=self.model,
            prompt=self.prompt,
            duration_seconds=self.duration_seconds,
            lyrics_prompt=self.lyrics_prompt,
            force_instrumental=self.force_instrumental,
            voice=self.voice,
            language_code=self.language_code,
        )

    def metadata_text(self) -> str | None:
        """The metadata as JSON text; raises ``invalid_request`` when it is too large or too deep."""
        if self.metadata is None:
            return None
        if _depth(self.metadata) > DEEPEST_METADATA:
            raise InvalidRequest(f"metadata is nested deeper than {DEEPEST_METADATA} levels", param="metadata")
        text = json.dumps(self.metadata, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > MOST_METADATA:
            raise InvalidRequest(f"metadata has more than {MOST_METADATA} bytes as JSON", param="metadata")
        return text


def idempotency_of(key: str | None, body: dict[str, Any], floor: Floor | None) -> IdempotencyKey | None:
    """The buyer's name for this request, if it has one; the floor of its path counts as part of the body."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidRequest("Idempotency-Key is 1 to 255 visible ASCII characters", param="Idempotency-Key")
    asked = json.dumps([None if floor is None else floor.percent, body], sort_keys=True)
    return IdempotencyKey(key, hashlib.sha256(asked.encode()).hexdigest())


def _depth(value: Any) -> int:
    """How many objects and lists lie in one another."""
    if isinstance(value, dict):
        return 1 + max((_depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(item) for item in value), default=0)
    return 0
