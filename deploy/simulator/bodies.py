"""The bodies of the four audio calls, as the published schemas write them: strict types, no other fields."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.simulator.refusals import malformed

Seconds = Annotated[int, Field(gt=0)] | Annotated[str, Field(pattern=r"^[0-9]+$", max_length=9)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    model: str


class QuoteBody(_Body):
    """POST /audio/quote."""

    duration_seconds: Seconds | None = None
    character_count: Annotated[int, Field(gt=0)] | None = None


class QueueBody(_Body):
    """POST /audio/queue."""

    prompt: Annotated[str, Field(min_length=1)]
    lyrics_prompt: str | None = None
    duration_seconds: Seconds | None = None
    force_instrumental: bool | None = None
    lyrics_optimizer: bool | None = None
    loop: bool | None = None
    voice: str | None = None
    language_code: str | None = None
    speed: Annotated[float, Field(ge=0.25, le=4)] | None = None


class RetrieveBody(_Body):
    """POST /audio/retrieve."""

    queue_id: str
    delete_media_on_completion: bool = False


class CompleteBody(_Body):
    """POST /audio/complete."""

    queue_id: str


B = TypeVar("B", bound=_Body)


def read_body(kind: type[B], document: object) -> B:
    """Read one call's body; a refusal names every field that is wrong, missing or unknown.

    Null is refused as well: the schemas know optional fields, but none that may be null.
    """
    if not isinstance(document, dict):
        raise malformed({"body": ["Expected a JSON object"]})
    if nulls := [name for name, value in document.items() if value is None]:
        raise malformed({name: ["Expected a value, received null"] for name in nulls})
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise malformed(_by_field(error)) from None


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        location: tuple[Any, ...] = problem["loc"]
        problems.setdefault(str(location[0]) if location else "body", []).append(problem["msg"])
    return problems
