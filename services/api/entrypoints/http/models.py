"""The catalogue, in the list form that OpenAI's clients read."""

from __future__ import annotations

from typing import Literal

from aiohttp import web
from typing_extensions import TypedDict

from services.api.domain.refusals import ModelNotFound
from services.api.entrypoints.http.answers import json_answer, list_answer
from services.api.entrypoints.http.call import Call
from services.api.entrypoints.http.shapes import Schedule, Unix
from shared.market.models import Model
from shared.market.prices import schedule_data


class SpanView(TypedDict):
    """From which to which number."""

    min: int
    max: int


class DurationsView(TypedDict):
    """Seconds that a job may take, and those it takes where its order says none."""

    min: int | None
    max: int | None
    default: int | None


class LimitsView(TypedDict):
    """What an order may say; the provider does not publish those that are ``assumed``."""

    prompt_characters: SpanView
    duration_seconds: DurationsView | None
    lyrics_characters: int | None
    assumed: list[str]


class ModelView(TypedDict):
    """What buyers and sellers need to know of a model; prices are the list's."""

    id: str
    object: Literal["model"]
    created: Unix
    owned_by: str
    name: str
    kind: str
    aliases: list[str]
    pricing: Schedule | None
    limits: LimitsView
    supported_parameters: list[str]
    required_parameters: list[str]
    voices: list[str]


async def show_models(call: Call) -> web.Response:
    """Every model there is."""
    return list_answer(model_view(model) for model in call.world.submitting.catalogue)


async def show_model(call: Call) -> web.Response:
    """One model, by id or alias."""
    return json_answer(model_view(model_named(call)))


def model_named(call: Call) -> Model:
    """The model in the path; raises ``model_not_found``."""
    name = call.request.match_info["model"]
    model = call.world.submitting.catalogue.find(name)
    if model is None:
        raise ModelNotFound(name[:128])
    return model


def model_view(model: Model) -> ModelView:
    """The model as everyone is shown it."""
    return {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.provider,
        "name": model.name,
        "kind": model.kind,
        "aliases": list(model.aliases),
        "pricing": None if model.pricing is None else schedule_data(model.pricing),
        "limits": {
            "prompt_characters": {"min": model.min_prompt_length, "max": model.prompt_limit},
            "duration_seconds": _durations(model),
            "lyrics_characters": model.lyrics_limit if model.supports_lyrics else None,
            "assumed": list(model.assumed),
        },
        "supported_parameters": list(model.supported_parameters),
        "required_parameters": ["lyrics_prompt"] if model.lyrics_required else [],
        "voices": list(model.voices),
    }


def _durations(model: Model) -> DurationsView | None:
    if model.max_duration is None:
        return None
    return {"min": model.min_duration, "max": model.max_duration, "default": model.default_duration}
