"""What a buyer asks for, in the words of the market, and whether a model can do it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Final

from shared.kernel.errors import DomainError
from shared.market.kinds import MUSIC
from shared.market.models import Model
from shared.market.prices import Quantity

_ISO_639_1: Final = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGES: Final = frozenset(_ISO_639_1.split())


class ParameterRefused(DomainError):
    """A parameter the model cannot take; ``param`` is its name on the wire."""

    def __init__(self, code: str, param: str, message: str) -> None:
        super().__init__(code, message)
        self.param = param


@dataclass(frozen=True, slots=True)
class Parameters:
    """One music job as its buyer described it; ``model`` is always the catalogue's id."""

    KIND: ClassVar[str] = MUSIC.name
    """What such words order; a model of another kind cannot be ordered with them."""

    model: str
    prompt: str
    duration_seconds: int | None = None
    lyrics_prompt: str | None = None
    force_instrumental: bool | None = None
    voice: str | None = None
    language_code: str | None = None

    def data(self) -> dict[str, Any]:
        """What was said, without what was not."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def quantity(parameters: Parameters, model: Model) -> Quantity:
    """What this job would be charged for, as far as it is known before it is rendered."""
    characters = len(parameters.prompt)
    if model.speaks_lyrics and parameters.lyrics_prompt:
        characters += len(parameters.lyrics_prompt)
    return Quantity(parameters.duration_seconds, characters)


def settled(parameters: Parameters, model: Model) -> Parameters:
    """The same job under the catalogue's id and with the model's default duration filled in.

    Raises :class:`ParameterRefused` for the first parameter that the model cannot take.
    """
    _check_kind(parameters, model)
    _check_prompt(parameters, model)
    _check_duration(parameters, model)
    _check_lyrics(parameters, model)
    _check_voice(parameters, model)
    _check_switches(parameters, model)
    duration = parameters.duration_seconds if parameters.duration_seconds is not None else model.default_duration
    return replace(parameters, model=model.id, duration_seconds=duration)


def _check_kind(parameters: Parameters, model: Model) -> None:
    if model.kind != parameters.KIND:
        raise ParameterRefused("model_not_found", "model", f"{model.id} makes {model.kind}, not {parameters.KIND}")


def _check_prompt(parameters: Parameters, model: Model) -> None:
    length = len(parameters.prompt)
    if not model.min_prompt_length <= length <= model.prompt_limit:
        raise ParameterRefused(
            "invalid_request",
            "prompt",
            f"prompt has {length} characters; {model.id} takes {model.min_prompt_length} to {model.prompt_limit}",
        )


def _check_duration(parameters: Parameters, model: Model) -> None:
    duration = parameters.duration_seconds
    if duration is None:
        return
    if model.min_duration is None or model.max_duration is None:
        raise _unsupported("duration_seconds", model)
    if not model.min_duration <= duration <= model.max_duration:
        raise ParameterRefused(
            "invalid_request",
            "duration_seconds",
            f"duration_seconds is {duration}; {model.id} takes {model.min_duration} to {model.max_duration}",
        )


def _check_lyrics(parameters: Parameters, model: Model) -> None:
    lyrics = parameters.lyrics_prompt
    if lyrics is None:
        if model.lyrics_required:
            raise ParameterRefused("invalid_request", "lyrics_prompt", f"{model.id} needs lyrics_prompt")
        return
    if not model.supports_lyrics:
        raise _unsupported("lyrics_prompt", model)
    if len(lyrics) > model.lyrics_limit:
        raise ParameterRefused(
            "invalid_request",
            "lyrics_prompt",
            f"lyrics_prompt has {len(lyrics)} characters; {model.id} takes at most {model.lyrics_limit}",
        )


def _check_voice(parameters: Parameters, model: Model) -> None:
    if parameters.voice is None:
        return
    if not model.voices:
        raise _unsupported("voice", model)
    if parameters.voice not in model.voices:
        raise ParameterRefused("invalid_request", "voice", f"{model.id} has the voices {', '.join(model.voices)}")


def _check_switches(parameters: Parameters, model: Model) -> None:
    if parameters.force_instrumental and not model.supports_force_instrumental:
        raise _unsupported("force_instrumental", model)
    language = parameters.language_code
    if language is None:
        return
    if language not in LANGUAGES:
        raise ParameterRefused("invalid_request", "language_code", "language_code is two small letters of ISO 639-1")
    if not model.supports_language_code:
        raise _unsupported("language_code", model)


def _unsupported(param: str, model: Model) -> ParameterRefused:
    return ParameterRefused("unsupported_parameter", param, f"{model.id} does not take {param}; leave it out")
