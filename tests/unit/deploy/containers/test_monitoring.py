"""The dashboard and the alerts ask only for what is counted."""

import json
from typing import Any

import pytest
import yaml

from shared.messaging.handled import Outcome
from tests.unit.deploy.containers.env_file import ROOT
from tests.unit.deploy.containers.manifests import container
from tests.unit.deploy.containers.promql import grouping, matchers, metrics
from tests.unit.deploy.containers.registered import registered
from tests.unit.deploy.containers.service_settings import ADMIN_PORT, SERVICES

FOLDER = ROOT / "deploy" / "grafana"
SCRAPED_WITH = {"job", "instance", "service"}
THE_BROKERS = {
    name: {"queue", "vhost"}
    for name in (
        "rabbitmq_detailed_queue_messages",
        "rabbitmq_detailed_queue_messages_ready",
        "rabbitmq_detailed_queue_messages_unacked",
        "rabbitmq_detailed_queue_consumers",
    )
}
"""What RabbitMQ tells of each queue on /metrics/detailed."""

DASHBOARD: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
EXPRESSIONS = {
    **{f"panel {panel['title']} {target['refId']}": target["expr"] for panel in PANELS for target in panel["targets"]},
    **{f"alert {rule['alert']}": rule["expr"] for rule in ALERTS},
}


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    return {**registered(), **THE_BROKERS, "up": set()}


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_every_metric_asked_for_is_counted(expression: str, known: dict[str, set[str]]) -> None:
    asked = metrics(expression)
    assert asked
    assert asked <= known.keys()


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_every_label_asked_for_is_one_the_metric_has(expression: str, known: dict[str, set[str]]) -> None:
    for metric, label, _ in matchers(expression):
        assert label in known[metric] | SCRAPED_WITH
    assert grouping(expression) <= SCRAPED_WITH.union(*(known[metric] for metric in metrics(expression)))


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_every_outcome_asked_for_exists(expression: str) -> None:
    for _, label, pattern in matchers(expression):
        if label == "outcome":
            assert set(pattern.split("|")) <= set(Outcome)


def test_a_panel_says_what_it_shows_and_asks_the_source_that_was_chosen() -> None:
    for panel in PANELS:
        assert panel["description"], panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_an_alert_says_what_is_wrong_and_how_bad_it_is() -> None:
    for rule in ALERTS:
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_dead_letters_and_services_that_are_not_ready_wake_somebody() -> None:
    waking = {rule["alert"] for rule in ALERTS if rule["labels"]["severity"] == "page"}
    assert {"DeadLetters", "NobodyHears", "ServiceMissing"} <= waking


def test_every_process_is_scraped_where_it_tells_its_metrics() -> None:
    jobs = {job["job_name"]: job for job in _yaml("prometheus.yml")["scrape_configs"]}
    [found] = jobs["busker"]["dns_sd_configs"]
    assert (set(found["names"]), found["port"]) == (set(SERVICES), ADMIN_PORT)
    assert _yaml("prometheus.yml")["rule_files"] == ["alerts.yml"]


def test_pods_are_scraped_on_the_port_that_their_manifests_name() -> None:
    [job] = _yaml("prometheus-kubernetes.yml")["scrape_configs"]
    kept = [rule["regex"] for rule in job["relabel_configs"] if rule.get("action") == "keep"]
    assert kept == ["admin"]
    assert all({"name": "admin", "containerPort": ADMIN_PORT} in container(service)["ports"] for service in SERVICES)


def _yaml(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found
