"""One misbehavior: which calls it is meant for, and what it does to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from deploy.simulator.answers import Answer, AudioAnswer

Endpoint = Literal["quote", "queue", "retrieve", "complete", "models"]
EVERYWHERE: tuple[Endpoint, ...] = ("quote", "queue", "retrieve", "complete", "models")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a call is about, as far as its body says so."""

    endpoint: Endpoint
    key: str | None
    model: str | None
    queue_id: str | None


class Wire(Protocol):
    """The connection one call came in on."""

    earlier_queue_id: str | None
    """Of the job taken on last before this call."""

    async def send(self, answer: Answer) -> None:
        """Send an answer as it should be sent."""
        ...

    async def begin(self, headers: dict[str, str], *, status: int = 200) -> None:
        """Send a status line and headers; without a Content-Length the body goes out in chunks."""
        ...

    async def write(self, piece: bytes) -> None:
        """Send a piece of the body.  A caller that has left ends the call by cancelling it."""
        ...

    def hang_up(self, *, reset: bool = False) -> None:
        """Close the connection, in the middle of whatever was being said; ``reset`` sends a TCP RST."""
        ...


class Behavior(BaseModel):
    """What every misbehavior can say about the calls it is meant for.  What is left out matches anything."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    do: str
    usual: ClassVar[tuple[Endpoint, ...]] = EVERYWHERE

    on: tuple[Endpoint, ...] | Endpoint | None = None
    """One endpoint or several; without it, those where the misbehavior makes sense."""
    key: str | None = None
    model: str | None = None
    queue_id: str | None = None
    times: int | None = Field(default=None, gt=0)
    """How many calls it happens to; without it, until it is taken away."""
    skip: int = Field(default=0, ge=0)
    """Leave the first so many matching calls alone."""
    every: int = Field(default=1, gt=0)
    """Of the matching calls after those, take each so-manieth."""

    def matches(self, occasion: Occasion) -> bool:
        """Whether a call is one of those meant."""
        on = self.usual if self.on is None else (self.on,) if isinstance(self.on, str) else self.on
        return (
            occasion.endpoint in on
            and self.key in {None, occasion.key}
            and self.model in {None, occasion.model}
            and self.queue_id in {None, occasion.queue_id}
        )


class Before(Behavior):
    """Comes in before the provider has done anything."""

    async def interfere(self, wire: Wire) -> None:
        """Answer in the provider's place or hang up; the provider goes on when neither was done."""
        raise NotImplementedError


class After(Behavior):
    """Comes in once the provider has done its work, and spoils what it wanted to say."""

    audio_only: ClassVar[bool] = False

    def spoils(self, answer: Answer) -> bool:
        """Whether this answer is of the sort meant; others pass, and are not counted."""
        return answer.status < 400 and (isinstance(answer, AudioAnswer) or not self.audio_only)  # noqa: PLR2004

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        """Send the spoilt answer, or none."""
        raise NotImplementedError
