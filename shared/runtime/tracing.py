"""Traces by OpenTelemetry: one span for each message and request, handed on as ``traceparent``.

Without an endpoint nothing is exported, but traces still have ids, so that log lines can be joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
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
    """Set this process's tracer up; give the returned provider to :func:`end_tracing` at the end."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"busker-{service}"}))
    if endpoint:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)
    return provider


def end_tracing(provider: TracerProvider, within: timedelta) -> None:
    """Send what is left; what a collector has not taken ``within`` that time is lost."""
    # The provider's own end waits up to 30 s for a collector that does not answer, and heeds nobody.
    sending = Thread(target=provider.shutdown, name="last spans", daemon=True)
    sending.start()
    sending.join(within.total_seconds())


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
