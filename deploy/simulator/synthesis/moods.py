"""Words a prompt may use, and what each wishes for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mood:
    """None wishes for nothing.  ``groove`` "" wishes for no drums; ``haste`` multiplies the tempo."""

    energy: float = 0.0
    haste: float = 1.0
    tempo: float | None = None
    scale: str | None = None
    lead: str | None = None
    pad: str | None = None
    pluck: str | None = None
    bass: str | None = None
    groove: str | None = None
    swing: bool = False
    sevenths: bool = False


_WISHES: Final[tuple[tuple[str, Mood], ...]] = (
    ("calm peaceful gentle soft relaxing relaxed quiet soothing", Mood(energy=-0.3, haste=0.82, pad="warm pad")),
    ("sleep sleepy lullaby meditation meditative", Mood(energy=-0.4, tempo=62, lead="music box", groove="")),
    ("ambient drone space floating ethereal", Mood(energy=-0.35, tempo=66, pad="glass pad", groove="")),
    ("slow ballad", Mood(energy=-0.1, haste=0.75)),
    ("fast quick rapid driving running upbeat", Mood(energy=0.25, haste=1.25)),
    ("energetic intense powerful epic", Mood(energy=0.35, haste=1.1)),
    ("happy joyful cheerful bright sunny playful summer", Mood(energy=0.1, scale="major", haste=1.08)),
    ("sad melancholy melancholic lonely rain rainy tears", Mood(energy=-0.2, scale="minor", haste=0.85)),
    ("dark night brooding sinister haunting ominous", Mood(scale="minor", pad="warm pad", bass="sub bass")),
    ("horror scary menacing", Mood(scale="phrygian", lead="strings", haste=0.9)),
    ("dreamy dream magical wonder hopeful", Mood(scale="lydian", pad="glass pad", sevenths=True)),
    ("folk acoustic country", Mood(scale="mixolydian", lead="guitar", pluck="guitar", groove="shaker")),
    ("guitar", Mood(lead="guitar", pluck="guitar")),
    ("piano", Mood(lead="piano")),
    ("flute", Mood(lead="flute")),
    ("harp", Mood(pluck="harp")),
    ("organ church", Mood(pad="organ")),
    ("brass trumpet horns", Mood(lead="brass")),
    ("marimba tropical african", Mood(lead="marimba", pluck="marimba", groove="shaker")),
    ("strings violin cello", Mood(pad="strings", lead="strings")),
    ("orchestral orchestra cinematic symphonic film", Mood(pad="strings", lead="brass", pluck="harp", groove="march")),
    ("classical sonata", Mood(lead="piano", pad="strings", pluck="harp", groove="")),
    ("battle war heroic trailer", Mood(energy=0.3, scale="minor", lead="brass", groove="drums of war")),
    ("techno house trance rave edm dance", Mood(energy=0.3, tempo=128, lead="synth lead", pluck="synth pluck",
                                                 bass="synth bass", groove="four on the floor")),
    ("disco funk groovy", Mood(energy=0.2, tempo=116, bass="synth bass", groove="four on the floor", sevenths=True)),
    ("synthwave retrowave neon", Mood(tempo=104, lead="synth lead", bass="synth bass", groove="backbeat")),
    ("drum jungle breakbeat", Mood(energy=0.3, tempo=168, bass="sub bass", groove="broken")),
    ("chiptune arcade pixel 8-bit", Mood(energy=0.2, tempo=140, lead="square lead", pluck="square lead")),
    ("lofi lo-fi chill study", Mood(energy=-0.2, tempo=76, lead="electric piano", groove="lazy", sevenths=True)),
    ("hip-hop hiphop trap rap", Mood(tempo=84, bass="sub bass", groove="lazy")),
    ("jazz jazzy swing noir", Mood(tempo=118, scale="dorian", lead="electric piano", groove="swing", swing=True,
                                   sevenths=True)),
    ("blues soul", Mood(tempo=88, scale="mixolydian", lead="guitar", pad="organ", groove="swing", swing=True)),
    ("rock metal punk grunge", Mood(energy=0.35, tempo=132, lead="synth lead", pluck="guitar", groove="backbeat")),
    ("pop", Mood(scale="major", groove="backbeat")),
    ("minor", Mood(scale="minor")),
    ("major", Mood(scale="major")),
    ("drumless", Mood(groove="")),
)  # fmt: skip

MOODS: Final[Mapping[str, Mood]] = {word: mood for words, mood in _WISHES for word in words.split()}
