"""The provider's error bodies, in the three shapes it is known to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from deploy.simulator.answers import JsonAnswer, Refusal

Shape = Literal["text", "object", "details", "issues"]

MESSAGES: Final[Mapping[int, str]] = {
    400: "Invalid request parameters",
    401: "Authentication failed",
    402: "Insufficient USD or Diem balance to complete request",
    403: "Unauthorized access",
    404: "Media could not be found. Request may be invalid, expired, or deleted.",
    422: "Your prompt violates the content policy of the model provider",
    429: "Rate limit exceeded",
    500: "Inference processing failed",
    503: "The model is at capacity. Please try again later.",
}
CODES: Final[Mapping[int, str]] = {
    401: "AUTHENTICATION_FAILED",
    402: "INSUFFICIENT_BALANCE",
    403: "UNAUTHORIZED",
    429: "RATE_LIMIT_EXCEEDED",
    500: "INFERENCE_FAILED",
    503: "MODEL_AT_CAPACITY",
}
_USUAL_SHAPE: Final[Mapping[int, Shape]] = {400: "details", 402: "object", 429: "object"}


def error_body(status: int, *, shape: Shape | None = None, message: str | None = None) -> dict[str, object]:
    """The body for ``status``; without a shape, the one this provider usually gives it."""
    text = message or MESSAGES.get(status, f"Request failed with status {status}")
    match shape or _USUAL_SHAPE.get(status, "text"):
        case "object":
            return {"error": {"message": text, "type": "api_error", "param": None, "code": CODES.get(status)}}
        case "details":
            return {"error": text, "details": {"_errors": []}}
        case "issues":
            return {"error": text, "issues": [{"code": "custom", "path": [], "message": text}]}
        case _:
            return {"error": text}


def refuse(status: int, message: str | None = None, *, headers: Mapping[str, str] | None = None) -> Refusal:
    """A refusal with the usual body for ``status``."""
    return Refusal(JsonAnswer(error_body(status, message=message), status, headers or {}))


def malformed(problems: Mapping[str, Sequence[str]]) -> Refusal:
    """A 400 for a body that does not follow the schema, field by field."""
    details: dict[str, object] = {"_errors": []}
    details.update({name: {"_errors": list(texts)} for name, texts in problems.items()})
    return Refusal(JsonAnswer({"error": MESSAGES[400], "details": details}, 400))


def unsuitable(field: str, message: str) -> Refusal:
    """A 400 for a body that follows the schema but not the limits of its model."""
    issues = [{"code": "custom", "path": [field], "message": message}]
    return Refusal(JsonAnswer({"error": MESSAGES[400], "issues": issues}, 400))


def content_violation(suggested_prompt: str | None, message: str | None = None) -> JsonAnswer:
    """A 422, with a replacement prompt when there is one to suggest."""
    body: dict[str, object] = {"error": message or MESSAGES[422]}
    if suggested_prompt is not None:
        body["suggested_prompt"] = suggested_prompt
    return JsonAnswer(body, 422)
