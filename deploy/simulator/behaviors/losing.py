"""Work that is done, and an answer that does not say so."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from deploy.simulator.answers import Answer, JsonAnswer
from deploy.simulator.behaviors.behavior import After, Endpoint, Wire
from deploy.simulator.behaviors.refusing import FOREVER
from deploy.simulator.refusals import Shape, error_body


class AcceptThenDrop(After):
    """Do the work, then close the connection without a word."""

    do: Literal["accept_then_drop"]
    reset: bool = False

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        wire.hang_up(reset=self.reset)


class AcceptThenRefuse(After):
    """Do the work, then answer as if it had failed."""

    do: Literal["accept_then_refuse"]
    status: int = Field(default=500, ge=400, le=599)
    shape: Shape | None = None
    message: str | None = None

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        body = error_body(self.status, shape=self.shape, message=self.message)
        await wire.send(JsonAnswer(body, self.status))


class NeverReady(After):
    """Say that the job is still being worked on, however long it has been finished."""

    do: Literal["never_ready"]
    usual: ClassVar[tuple[Endpoint, ...]] = ("retrieve",)
    audio_only: ClassVar[bool] = True

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        body = {
            "status": "PROCESSING",
            "average_execution_time": 5000,
            "execution_duration": round(FOREVER * 1000),
        }
        await wire.send(JsonAnswer(body))
