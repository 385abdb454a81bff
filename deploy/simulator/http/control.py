"""The simulator's own paths, under /control: what to do wrong, whom to admit, what has happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.simulator.behaviors.script import AnyBehavior, Script
from deploy.simulator.jobs import Jobs
from deploy.simulator.keys import Keyring
from deploy.simulator.limits import Limits, Policy
from deploy.simulator.record import Record

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Instruction(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BehaviorList(_Instruction):
    """Body of PUT and POST /control/behaviors."""

    behaviors: list[AnyBehavior]


class KeyFacts(_Instruction):
    """Body of PUT /control/keys."""

    key: str = Field(min_length=1)
    balance_usd: Decimal | None = Field(default=None, ge=0)
    revoked: bool = False


class Timing(_Instruction):
    """Body of PUT /control/timing; null goes back to each job's own time."""

    render_seconds: float | None = Field(ge=0)


@dataclass(frozen=True, slots=True)
class Control:
    """What the control paths turn and read."""

    script: Script
    keys: Keyring
    limits: Limits
    jobs: Jobs
    record: Record

    def routes(self) -> list[web.RouteDef]:
        """Every control path.  A body that cannot be used is a 400 that says why, and changes nothing."""
        return [
            web.get("/control/behaviors", self._show_behaviors),
            web.put("/control/behaviors", _checked(self._replace_behaviors)),
            web.post("/control/behaviors", _checked(self._add_behaviors)),
            web.delete("/control/behaviors", self._clear_behaviors),
            web.delete("/control/behaviors/{id:[0-9]+}", self._remove_behavior),
            web.get("/control/keys", self._show_keys),
            web.put("/control/keys", _checked(self._register_key)),
            web.delete("/control/keys", self._forget_keys),
            web.put("/control/limits", _checked(self._set_limits)),
            web.put("/control/timing", _checked(self._set_timing)),
            web.get("/control/calls", self._show_calls),
            web.delete("/control/calls", self._forget_calls),
            web.get("/control/jobs", self._show_jobs),
            web.delete("/control/jobs", self._forget_jobs),
            web.delete("/control", self._forget_everything),
        ]

    async def _show_behaviors(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"behaviors": self.script.listing()})

    async def _replace_behaviors(self, request: web.Request) -> web.StreamResponse:
        self.script.replace(BehaviorList.model_validate_json(await request.read()).behaviors)
        return await self._show_behaviors(request)

    async def _add_behaviors(self, request: web.Request) -> web.StreamResponse:
        self.script.extend(BehaviorList.model_validate_json(await request.read()).behaviors)
        return await self._show_behaviors(request)

    async def _clear_behaviors(self, _request: web.Request) -> web.StreamResponse:
        self.script.replace([])
        return web.Response(status=204)

    async def _remove_behavior(self, request: web.Request) -> web.StreamResponse:
        found = self.script.remove(int(request.match_info["id"]))
        return web.Response(status=204 if found else 404)

    async def _show_keys(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"keys": self.keys.listing()})

    async def _register_key(self, request: web.Request) -> web.StreamResponse:
        facts = KeyFacts.model_validate_json(await request.read())
        self.keys.register(facts.key, balance=facts.balance_usd, revoked=facts.revoked)
        return await self._show_keys(request)

    async def _forget_keys(self, _request: web.Request) -> web.StreamResponse:
        self.keys.forget()
        return web.Response(status=204)

    async def _set_limits(self, request: web.Request) -> web.StreamResponse:
        self.limits.reset(Policy.model_validate_json(await request.read()))
        return web.json_response(self.limits.policy.model_dump())

    async def _set_timing(self, request: web.Request) -> web.StreamResponse:
        self.jobs.render_seconds = Timing.model_validate_json(await request.read()).render_seconds
        return web.json_response({"render_seconds": self.jobs.render_seconds})

    async def _show_calls(self, request: web.Request) -> web.StreamResponse:
        wanted = {name: request.query.get(name) for name in ("path", "key", "queue_id")}
        return web.json_response({"calls": [call.view() for call in self.record.select(**wanted)]})

    async def _forget_calls(self, _request: web.Request) -> web.StreamResponse:
        self.record.forget()
        return web.Response(status=204)

    async def _show_jobs(self, request: web.Request) -> web.StreamResponse:
        wanted = {name: request.query.get(name) for name in ("queue_id", "model", "key")}
        return web.json_response({"jobs": [job.view() for job in self.jobs.select(**wanted)]})

    async def _forget_jobs(self, _request: web.Request) -> web.StreamResponse:
        self.jobs.forget()
        return web.Response(status=204)

    async def _forget_everything(self, _request: web.Request) -> web.StreamResponse:
        """Behaviors, keys, calls and jobs; limits and timing stay as they are."""
        self.script.replace([])
        self.keys.forget()
        self.record.forget()
        self.jobs.forget()
        return web.Response(status=204)


def _checked(handler: Handler) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ValidationError as error:
            return web.Response(
                status=400, text=error.json(include_url=False, include_input=False), content_type="application/json"
            )

    return answer
