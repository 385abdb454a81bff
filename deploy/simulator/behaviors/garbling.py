"""Answers with a good status that nobody can make sense of."""

from __future__ import annotations

import json
from typing import ClassVar, Final, Literal

from deploy.simulator.answers import Answer, JsonAnswer
from deploy.simulator.behaviors.behavior import After, Endpoint, Wire

HTML: Final = b"<!doctype html><html><head><title>One moment</title></head><body>Checking your browser</body></html>"
_HUGE_BYTES: Final = 8 * 2**20

Form = Literal["html", "broken_json", "wrong_types", "empty", "not_an_object", "huge_json"]


class Garbage(After):
    """Do the work, then answer 200 with something else: a web page, half a document, wrong types, 8 MiB of JSON."""

    do: Literal["garbage"]
    form: Form

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        kind = "text/html; charset=utf-8" if self.form == "html" else "application/json"
        body = self._body(answer)
        await wire.begin({"Content-Type": kind, "Content-Length": str(len(body))})
        await wire.write(body)

    def _body(self, answer: Answer) -> bytes:
        document = answer.body if isinstance(answer, JsonAnswer) else {"status": "PROCESSING"}
        text = json.dumps(document)
        match self.form:
            case "html":
                return HTML
            case "broken_json":
                return text[: len(text) // 2].encode()
            case "wrong_types":
                return json.dumps(_retyped(document)).encode()
            case "empty":
                return b""
            case "not_an_object":
                return b'["QUEUED"]'
            case "huge_json":
                return (text[:-1] + ', "padding": "' + "x" * _HUGE_BYTES + '"}').encode()


class MissingQueueId(After):
    """Take the job on and forget to say under which id."""

    do: Literal["missing_queue_id"]
    usual: ClassVar[tuple[Endpoint, ...]] = ("queue",)

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        await wire.send(JsonAnswer(_without_id(answer)))


class SameQueueId(After):
    """Take the job on and answer with an id that was given out before: ``answer_id``, or the latest one."""

    do: Literal["same_queue_id"]
    usual: ClassVar[tuple[Endpoint, ...]] = ("queue",)
    answer_id: str | None = None

    async def deliver(self, answer: Answer, wire: Wire) -> None:
        earlier = self.answer_id or wire.earlier_queue_id
        await wire.send(JsonAnswer(_without_id(answer) | {"queue_id": earlier}))


def _without_id(answer: Answer) -> dict[str, object]:
    document = answer.body if isinstance(answer.body, dict) else {}
    return {name: value for name, value in document.items() if name != "queue_id"}


def _retyped(value: object) -> object:
    """The same document with every leaf of another type than it should have."""
    if isinstance(value, dict):
        return {name: _retyped(item) for name, item in value.items()}
    if isinstance(value, list):
        return {"items": value}
    return [value] if isinstance(value, str) else str(value)
