"""The way of every call: misbehave, admit, serve, misbehave, and write it down."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from deploy.simulator.answers import Answer, Refusal
from deploy.simulator.behaviors.behavior import Endpoint, Occasion
from deploy.simulator.behaviors.script import Script
from deploy.simulator.http.wire import HttpWire
from deploy.simulator.jobs import Jobs
from deploy.simulator.keys import Keyring, name_of
from deploy.simulator.limits import Limits
from deploy.simulator.record import Call, Record

Serve = Callable[[object, str], Awaitable[Answer]]
"""The provider's work on a document, for a key."""


@dataclass(slots=True)
class Visit:
    """One call under way.  ``document`` is None when the body is not JSON."""

    occasion: Occasion
    authorization: str
    document: object
    call: Call
    wire: HttpWire


class Desk:
    """Sees each call through and leaves it on the record however it ends.  ``clock`` gives Unix seconds."""

    def __init__(
        self,
        *,
        script: Script,
        keys: Keyring,
        limits: Limits,
        jobs: Jobs,
        record: Record,
        clock: Callable[[], float],
    ) -> None:
        self._script = script
        self._keys = keys
        self._limits = limits
        self._jobs = jobs
        self._record = record
        self._clock = clock

    async def handle(
        self, request: web.Request, endpoint: Endpoint, serve: Serve, *, needs_key: bool = True
    ) -> web.StreamResponse:
        """Answer one call, or fail to as the script says."""
        visit = await self._receive(request, endpoint)
        try:
            await self._see_through(visit, serve, needs_key=needs_key)
        finally:
            self._write_down(visit)
        return visit.wire.response

    async def _receive(self, request: web.Request, endpoint: Endpoint) -> Visit:
        arrived = self._clock()
        document, authorization = _parsed(await request.read()), request.headers.get("Authorization", "")
        occasion = _occasion(endpoint, _bearer(authorization), document)
        key = None if occasion.key is None else name_of(occasion.key)
        call = Call(request.path, arrived, key, occasion.model, occasion.queue_id)
        latest = self._jobs.latest()
        wire = HttpWire(request, call, latest.queue_id if latest else None)
        return Visit(occasion, authorization, document, call, wire)

    async def _see_through(self, visit: Visit, serve: Serve, *, needs_key: bool) -> None:
        if (before := self._script.before(visit.occasion)) is not None:
            visit.call.behavior = before.do
            await before.interfere(visit.wire)
            if visit.wire.used:
                return
        answer = await self._answer(visit, serve, needs_key=needs_key)
        if (after := self._script.after(visit.occasion, answer)) is not None:
            visit.call.behavior = after.do
            await after.deliver(answer, visit.wire)
        else:
            await visit.wire.send(answer)

    async def _answer(self, visit: Visit, serve: Serve, *, needs_key: bool) -> Answer:
        try:
            key = self._keys.admit(visit.authorization) if needs_key else visit.occasion.key
            if key is not None:
                visit.wire.extra_headers = self._limits.admit(key, self._clock())
            answer = await serve(visit.document, key or "")
        except Refusal as refusal:
            return refusal.answer
        if visit.occasion.endpoint == "queue" and isinstance(answer.body, dict):
            visit.call.accepted = True
            visit.call.queue_id = answer.body["queue_id"]
        return answer

    def _write_down(self, visit: Visit) -> None:
        call, now = visit.call, self._clock()
        call.milliseconds = round((now - call.at) * 1000)
        self._record.add(call)
        if visit.occasion.key is not None and call.status is not None:
            self._limits.settle(visit.occasion.key, call.status, now)
        job = self._jobs.get(call.queue_id)
        if job is not None and job.key == call.key:
            job.note(visit.occasion.endpoint, full=call.audio and call.whole)
            if call.audio and call.whole and _deletes(visit.document):
                job.deleted_at = now


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _bearer(authorization: str) -> str | None:
    scheme, _, key = authorization.partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def _occasion(endpoint: Endpoint, key: str | None, document: object) -> Occasion:
    known = document if isinstance(document, dict) else {}
    model, queue_id = known.get("model"), known.get("queue_id")
    return Occasion(
        endpoint,
        key,
        model if isinstance(model, str) else None,
        queue_id if isinstance(queue_id, str) else None,
    )


def _deletes(document: object) -> bool:
    return isinstance(document, dict) and document.get("delete_media_on_completion") is True
