"""An order: what is to be rendered, once it has been held against the limits of its model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from deploy.simulator.bodies import QueueBody, QuoteBody
from deploy.simulator.catalogue import Catalogue, Model, Renders
from deploy.simulator.pricing import price_of
from deploy.simulator.refusals import refuse, unsuitable

_LANGUAGE: Final = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Order:
    """Everything a rendering depends on, and its price.  Equal orders sound the same."""

    model: str
    renders: Renders
    audio_format: str
    prompt: str
    seconds: int | None
    """None where the piece itself decides how long it is."""
    lyrics: str
    voice: str
    speed: float
    loop: bool
    """The end is to join the beginning."""
    price: Decimal

    @property
    def digest(self) -> bytes:
        """32 bytes that differ for every different order."""
        return _sha256(self.model, self.prompt, self.lyrics, self.voice, self.seconds, self.speed, self.loop)

    @property
    def seed(self) -> int:
        """What chance is drawn from: the words and the model, but not how long or how fast.

        The same words for another duration are the same piece, shorter or longer.
        """
        return int.from_bytes(_sha256(self.model, self.prompt, self.lyrics, self.voice)[:8], "big")


def _sha256(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()


def find_model(catalogue: Catalogue, model_id: str) -> Model:
    """The model, or a 404 refusal."""
    if (model := catalogue.find(model_id)) is None:
        raise refuse(404, f"Specified model not found: {model_id[:100]}")
    return model


def quote(model: Model, body: QuoteBody) -> Decimal:
    """The price of a request, or a refusal."""
    return price_of(model, seconds=_seconds(model, body.duration_seconds), characters=body.character_count)


def take_order(model: Model, body: QueueBody) -> Order:
    """Hold a request against its model's limits and price it; a refusal names the first field that does not fit."""
    for check in _CHECKS:
        check(model, body)
    seconds = _seconds(model, body.duration_seconds)
    return Order(
        model=model.id,
        renders=model.renders,
        audio_format=model.audio_format,
        prompt=body.prompt,
        seconds=seconds,
        lyrics="" if body.force_instrumental else body.lyrics_prompt or "",
        voice=body.voice or str(model.spec.get("default_voice", "")),
        speed=body.speed or 1.0,
        loop=bool(body.loop),
        price=price_of(model, seconds=seconds, characters=len(body.prompt)),
    )


def _seconds(model: Model, given: int | str | None) -> int | None:
    if given is None:
        default: int | None = model.spec.get("default_duration")
        return default
    if not model.takes_duration:
        raise unsuitable("duration_seconds", f"duration_seconds is not supported by {model.id}")
    seconds, shortest, longest = int(given), model.spec["min_duration"], model.spec["max_duration"]
    if not shortest <= seconds <= longest:
        raise unsuitable("duration_seconds", f"duration_seconds must be between {shortest} and {longest}")
    options = model.spec.get("duration_options")
    if options and seconds not in options:
        raise unsuitable("duration_seconds", f"duration_seconds must be one of {options}")
    return seconds


def _check_prompt(model: Model, body: QueueBody) -> None:
    shortest, longest = model.spec["min_prompt_length"], model.spec["prompt_character_limit"]
    if not shortest <= len(body.prompt) <= longest:
        raise unsuitable("prompt", f"prompt must have between {shortest} and {longest} characters")


def _check_lyrics(model: Model, body: QueueBody) -> None:
    if body.lyrics_prompt is None:
        if model.spec["lyrics_required"] and not body.lyrics_optimizer:
            raise unsuitable("lyrics_prompt", f"lyrics_prompt is required by {model.id}")
        return
    if not model.supports("lyrics"):
        raise unsuitable("lyrics_prompt", f"lyrics_prompt is not supported by {model.id}")
    if len(body.lyrics_prompt) > (limit := model.spec["lyrics_character_limit"]):
        raise unsuitable("lyrics_prompt", f"lyrics_prompt must have at most {limit} characters")
    if body.lyrics_optimizer and body.lyrics_prompt:
        raise unsuitable("lyrics_prompt", "lyrics_prompt must be empty with lyrics_optimizer")


def _check_switches(model: Model, body: QueueBody) -> None:
    given = {
        "force_instrumental": body.force_instrumental,
        "lyrics_optimizer": body.lyrics_optimizer,
        "loop": body.loop,
        "language_code": body.language_code,
        "speed": body.speed,
    }
    for name, value in given.items():
        if value is not None and not model.supports(name):
            raise unsuitable(name, f"{name} is not supported by {model.id}")


def _check_voice(model: Model, body: QueueBody) -> None:
    if body.voice is None:
        return
    voices = model.spec.get("voices", [])
    if not voices:
        raise unsuitable("voice", f"voice is not supported by {model.id}")
    if body.voice not in voices:
        raise unsuitable("voice", f"voice must be one of {', '.join(voices)}")


def _check_delivery(model: Model, body: QueueBody) -> None:
    if body.language_code is not None and not _LANGUAGE.fullmatch(body.language_code):
        raise unsuitable("language_code", "language_code must be an ISO 639-1 code")
    if body.speed is not None and not model.spec["min_speed"] <= body.speed <= model.spec["max_speed"]:
        raise unsuitable("speed", f"speed must be between {model.spec['min_speed']} and {model.spec['max_speed']}")


_CHECKS: Final[tuple[Callable[[Model, QueueBody], None], ...]] = (
    _check_prompt,
    _check_lyrics,
    _check_switches,
    _check_voice,
    _check_delivery,
)
