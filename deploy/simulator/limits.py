"""Limits per key: so many audio requests a minute, and a pause for keys whose calls keep failing."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from math import ceil

from pydantic import BaseModel, ConfigDict, Field

from deploy.simulator.answers import JsonAnswer, Refusal
from deploy.simulator.refusals import error_body


class Policy(BaseModel):
    """The numbers; those the provider publishes unless told otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    requests_per_minute: int = Field(default=60, gt=0)
    failures: int = Field(default=20, gt=0)
    """More non-success answers than this within the window block the key."""
    window_seconds: float = Field(default=30, gt=0)
    block_seconds: float = Field(default=30, gt=0)


@dataclass(slots=True)
class _Usage:
    minute: int = -1
    requests: int = 0
    failed_at: deque[float] = field(default_factory=deque)
    blocked_until: float = 0.0


class Limits:
    """Counts calls per key in whole minutes of Unix time, and failures in a sliding window."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._usage: defaultdict[str, _Usage] = defaultdict(_Usage)

    def reset(self, policy: Policy) -> None:
        """Begin again under ``policy``, with nothing counted."""
        self.policy = policy
        self._usage.clear()

    def admit(self, key: str, now: float) -> dict[str, str]:
        """Count one call and return its rate-limit headers, none when limits are off.

        Refuses with 429 and the same headers when the minute is used up or the key is blocked.
        """
        if not self.policy.enabled:
            return {}
        usage, minute = self._usage[key], int(now // 60)
        if usage.minute != minute:
            usage.minute, usage.requests = minute, 0
        blocked = now < usage.blocked_until
        over = blocked or usage.requests >= self.policy.requests_per_minute
        usage.requests += not over
        reset = ceil(usage.blocked_until) if blocked else (minute + 1) * 60
        headers = self._headers(usage.requests, reset, blocked=blocked)
        if over:
            raise Refusal(JsonAnswer(error_body(429), 429, headers))
        return headers

    def settle(self, key: str, status: int, now: float) -> None:
        """Note how a call ended.  A key already blocked gathers nothing more."""
        usage = self._usage[key]
        if not self.policy.enabled or status < 400 or now < usage.blocked_until:  # noqa: PLR2004
            return
        usage.failed_at.append(now)
        while usage.failed_at[0] <= now - self.policy.window_seconds:
            usage.failed_at.popleft()
        if len(usage.failed_at) > self.policy.failures:
            usage.blocked_until = now + self.policy.block_seconds
            usage.failed_at.clear()

    def _headers(self, used: int, reset: int, *, blocked: bool) -> dict[str, str]:
        limit = self.policy.requests_per_minute
        return {
            "x-ratelimit-limit-requests": str(limit),
            "x-ratelimit-remaining-requests": "0" if blocked else str(max(0, limit - used)),
            "x-ratelimit-reset-requests": str(reset),
        }
