"""Every metric that a process of ours can count, and the labels it has."""

import importlib
from typing import Any

from prometheus_client import REGISTRY

from tests.unit.deploy.containers.service_settings import SERVICES

SUFFIXES = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_sum", "_count"),
    "gauge": ("",),
    "summary": ("_sum", "_count"),
}


def registered() -> dict[str, set[str]]:
    """Label names by series, as they stand once every service's code is loaded."""
    for service in SERVICES:
        importlib.import_module(f"services.{service}.wiring")
    found: dict[str, set[str]] = {}
    for collector in set(REGISTRY._collector_to_names):
        for family in collector.collect():
            labels = _labels(collector) | ({"le"} if family.type == "histogram" else set())
            found |= {family.name + suffix: labels for suffix in SUFFIXES.get(family.type, ("",))}
    return found


def _labels(collector: Any) -> set[str]:
    return set(getattr(collector, "_labelnames", ()))
