"""A model: what it is called, what it takes, and its list price."""

from dataclasses import dataclass
from typing import Final

from shared.market.prices import PriceSchedule

LONGEST_PROMPT: Final = 2000
LONGEST_LYRICS: Final = 5000
"""Characters that the market takes; a model may take fewer."""


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the catalogue.  Durations are seconds, None where the model takes no duration."""

    id: str
    kind: str
    name: str
    provider: str
    provider_model: str
    """What its provider calls it."""
    pricing: PriceSchedule | None
    """List price; None when unknown, and then no offer by multiplier can be priced."""
    created: int
    aliases: tuple[str, ...] = ()
    min_duration: int | None = None
    max_duration: int | None = None
    default_duration: int | None = None
    min_prompt_length: int = 1
    prompt_limit: int = LONGEST_PROMPT
    supports_lyrics: bool = False
    lyrics_required: bool = False
    lyrics_limit: int = LONGEST_LYRICS
    speaks_lyrics: bool = False
    supports_force_instrumental: bool = False
    supports_language_code: bool = False
    voices: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    """Names of the limits above that the provider does not publish."""

    @property
    def supported_parameters(self) -> tuple[str, ...]:
        """Names on the wire of what a job for this model may say, besides model and prompt."""
        optional = {
            "duration_seconds": self.max_duration is not None,
            "lyrics_prompt": self.supports_lyrics,
            "force_instrumental": self.supports_force_instrumental,
            "voice": bool(self.voices),
            "language_code": self.supports_language_code,
        }
        return tuple(name for name, supported in optional.items() if supported)
