"""Calls that are held up, turned away or never answered, before any work is done."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Literal

from pydantic import Field

from deploy.simulator.answers import JsonAnswer
from deploy.simulator.behaviors.behavior import Before, Endpoint, Wire
from deploy.simulator.refusals import Shape, content_violation, error_body

FOREVER = 3600.0


class Slow(Before):
    """Wait, then serve as usual."""

    do: Literal["slow"]
    seconds: float = Field(gt=0, le=FOREVER)

    async def interfere(self, wire: Wire) -> None:
        await asyncio.sleep(self.seconds)


class Hang(Before):
    """Take the request and say nothing until the caller gives up."""

    do: Literal["hang"]

    async def interfere(self, wire: Wire) -> None:
        await asyncio.sleep(FOREVER)
        wire.hang_up()


class Drop(Before):
    """Close the connection before anything was done."""

    do: Literal["drop"]
    reset: bool = False

    async def interfere(self, wire: Wire) -> None:
        wire.hang_up(reset=self.reset)


class Refuse(Before):
    """Answer with an error status in place of any work.

    ``shape`` picks one of the provider's error bodies; ``suggested_prompt`` belongs to a 422.
    """

    do: Literal["refuse"]
    status: int = Field(ge=400, le=599)
    shape: Shape | None = None
    message: str | None = None
    retry_after: int | None = Field(default=None, ge=0)
    suggested_prompt: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    """Any others, such as ``x-ratelimit-reset-requests``."""

    async def interfere(self, wire: Wire) -> None:
        await wire.send(self._answer())

    def _answer(self) -> JsonAnswer:
        if self.suggested_prompt is not None:
            return content_violation(self.suggested_prompt, self.message)
        later = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        body = error_body(self.status, shape=self.shape, message=self.message)
        return JsonAnswer(body, self.status, self.headers | later)


class KeepMedia(Before):
    """Complete says that it did not work, and the media stays."""

    do: Literal["keep_media"]
    usual: ClassVar[tuple[Endpoint, ...]] = ("complete",)

    async def interfere(self, wire: Wire) -> None:
        await wire.send(JsonAnswer({"success": False}))
