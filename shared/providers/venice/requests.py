"""The bodies Venice is sent: only what was said, since it refuses every field it does not expect."""

from typing import Any

from shared.market.models import Model
from shared.market.parameters import Parameters, quantity
from shared.market.prices import PerThousandCharacters
from shared.providers.provider import Handed


def queue_body(model: Model, parameters: Parameters) -> dict[str, Any]:
    """What the queue endpoint takes.  A false ``force_instrumental`` is left out: few models know it."""
    said = {**parameters.data(), "model": model.provider_model}
    if not parameters.force_instrumental:
        said.pop("force_instrumental", None)
    return said


def quote_body(model: Model, parameters: Parameters) -> dict[str, Any]:
    """What the quote endpoint takes; the characters are asked for only where they are priced."""
    body: dict[str, Any] = {"model": model.provider_model}
    if parameters.duration_seconds is not None:
        body["duration_seconds"] = parameters.duration_seconds
    if isinstance(model.pricing, PerThousandCharacters):
        body["character_count"] = quantity(parameters, model).characters
    return body


def handed_body(handed: Handed) -> dict[str, Any]:
    """What retrieve and complete take.  ``delete_media_on_completion`` is never among it."""
    return {"model": handed.provider_model, "queue_id": handed.provider_job_id}
