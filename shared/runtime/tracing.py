"""Traces by OpenTelemetry: one span for each message and request, handed on as ``traceparent``.

Without an endpoint nothing is exported, but traces still have ids, so that log lines can be joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_HEADER: Final = "traceparent"
_tracer = trace.get_tracer("busker")


def begin_tracing(service: str, endpoint: str) -> TracerProvider:
    """Set this process's tracer up; shut the returned provider down at the end to flush what is left."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"busker-{service}"}))
    if endpoint:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def span(name: str, traceparent: str | None = None) -> Iterator[str]:
    """Work inside a span that continues ``traceparent``, if there is one; gives the trace's id."""
    parent = _PROPAGATOR.extract({_HEADER: traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, context=parent) as current:
        yield trace.format_trace_id(current.get_span_context().trace_id)


def current_traceparent() -> str | None:
    """The running span in W3C form, or None outside of any."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(_HEADER)
