"""The models on offer: list prices and voices as published, limits as far as they are known.

``models.json`` holds what ``/models`` answers, word for word, and one field of our own: ``renders``, which
says whether a model makes a song, an effect or speech.  Known limits are ACE-Step's 60 to 210 seconds,
ElevenLabs Music's 3 to 600 seconds with its instrumental switch, and the 3,500 characters of lyrics of
MiniMax 2.5.  The others are plausible, and so is the one audio format of each model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any, Literal

Renders = Literal["song", "effect", "speech"]


@dataclass(frozen=True)
class Model:
    """One model.  ``spec`` is its published ``model_spec``."""

    id: str
    created: int
    renders: Renders
    spec: Mapping[str, Any]

    def supports(self, ability: str) -> bool:
        """Whether the model says ``supports_<ability>``."""
        return bool(self.spec.get(f"supports_{ability}", False))

    @property
    def takes_duration(self) -> bool:
        return "max_duration" in self.spec

    @property
    def audio_format(self) -> str:
        """``mp3``, ``wav`` or ``flac``."""
        return str(self.spec["default_format"])

    @cached_property
    def listing(self) -> dict[str, object]:
        """The model as ``/models`` shows it."""
        return {
            "id": self.id,
            "object": "model",
            "type": "music",
            "owned_by": "venice.ai",
            "created": self.created,
            "model_spec": self.spec,
        }


class Catalogue:
    """All models, in the order of the data file."""

    def __init__(self, models: list[Model]) -> None:
        self._models = {model.id: model for model in models}

    def __iter__(self) -> Iterator[Model]:
        return iter(self._models.values())

    def find(self, model_id: str) -> Model | None:
        return self._models.get(model_id)


def load_catalogue(audio_format: str | None = None) -> Catalogue:
    """Read the data file that comes with the simulator; ``audio_format`` replaces that of every model.

    MP3 is small and takes about a second to encode per minute of music, FLAC and WAV are large and quick.
    """
    entries = json.loads(resources.files("deploy.simulator").joinpath("models.json").read_text("utf-8"))
    if audio_format is not None:
        for entry in entries:
            entry["model_spec"] |= {"default_format": audio_format, "supported_formats": [audio_format]}
    return Catalogue([Model(it["id"], it["created"], it["renders"], it["model_spec"]) for it in entries])
