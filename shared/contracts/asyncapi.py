"""The AsyncAPI 3.0 document of everything said on the bus, derived from the catalogue of facts.

``python -m shared.contracts.asyncapi > docs/events.json`` writes it anew.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from shared.contracts.envelope import CONTENT_TYPE, schema_of
from shared.contracts.event import Event
from shared.contracts.facts import EXCHANGE, FACTS, Fact, binding

_ABOUT: Final = (
    "Every fact that the services of Busker say, on one durable topic exchange. Bind a queue of your own "
    "(not one that rejects publishes) to the routing keys you care for. A fact may arrive more than once, with "
    "the same id; facts of different jobs come in no order; fields are only ever added."
)


def document() -> dict[str, Any]:
    """The whole document, with a channel, a message and an operation for each fact."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Busker events", "version": "1.0.0", "description": _ABOUT},
        "defaultContentType": CONTENT_TYPE,
        "channels": {name: _channel(fact) for name, fact in FACTS.items()},
        "operations": {f"say {name}": _operation(name, fact) for name, fact in FACTS.items()},
        "components": {
            "messages": {name: _message(fact.event) for name, fact in FACTS.items()},
            "schemas": {name: _data_schema(fact.event) for name, fact in FACTS.items()},
        },
    }


def _channel(fact: Fact) -> dict[str, Any]:
    return {
        "address": binding(fact),
        "description": _sentence(fact.event),
        "messages": {fact.event.TYPE: {"$ref": f"#/components/messages/{fact.event.TYPE}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": EXCHANGE, "type": "topic", "durable": True}}},
    }


def _operation(name: str, fact: Fact) -> dict[str, Any]:
    hearers = ", ".join(dict.fromkeys((*fact.heard_by, *fact.broadcast_to))) or "no service of ours"
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"Said by {fact.said_by}; heard by {hearers}.",
    }


def _message(event: type[Event]) -> dict[str, Any]:
    constant = {"specversion": "1.0", "type": event.TYPE, "source": f"/services/{FACTS[event.TYPE].said_by}"}
    return {
        "name": event.TYPE,
        "summary": _sentence(event),
        "contentType": CONTENT_TYPE,
        "payload": {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "subject", "time", "dataschema", "data"],
            "properties": {
                **{field: {"const": value} for field, value in constant.items()},
                "id": {"type": "string", "format": "uuid", "description": "The same each time the fact is said."},
                "subject": {"type": "string"},
                "time": {"type": "string", "format": "date-time"},
                "dataschema": {"const": schema_of(event)},
                "datacontenttype": {"const": "application/json"},
                "traceparent": {"type": "string"},
                "data": {"$ref": f"#/components/schemas/{event.TYPE}"},
            },
        },
    }


def _data_schema(event: type[Event]) -> dict[str, Any]:
    return event.model_json_schema(mode="serialization")


def _sentence(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split())


def written() -> str:
    """The document as the file in ``docs`` holds it."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written())
