"""What pods may reach, and what may reach them: no more than the services need."""

from typing import Any

from shared.egress import addresses
from shared.egress.ports import FIRST_UNPRIVILEGED_PORT, HTTPS_PORT, MAX_PORT
from tests.unit.deploy.containers.manifests import MANIFESTS
from tests.unit.deploy.containers.service_settings import ADMIN_PORT

POLICIES: dict[str, dict[str, Any]] = {
    found["metadata"]["name"]: found["spec"] for found in MANIFESTS if found["kind"] == "NetworkPolicy"
}


def test_what_is_not_allowed_is_forbidden() -> None:
    assert POLICIES["deny-all"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_buyers_reach_the_api_and_nothing_else() -> None:
    ingress = {name: policy["ingress"] for name, policy in POLICIES.items() if "ingress" in policy}
    assert set(ingress) == {"buyers-to-api", "monitoring"}
    assert POLICIES["buyers-to-api"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "api"}}
    assert ports(ingress["buyers-to-api"]) == [{"protocol": "TCP", "port": 8080}]
    assert ports(ingress["monitoring"]) == [{"protocol": "TCP", "port": ADMIN_PORT}]


def test_every_rule_names_the_other_side_and_the_ports() -> None:
    for policy in POLICIES.values():
        for rule in policy.get("ingress", []):
            assert rule["from"]
            assert rule["ports"]
        for rule in policy.get("egress", []):
            assert rule["to"]
            assert rule["ports"]


def test_strangers_addresses_are_walled_off_exactly_as_in_the_code() -> None:
    [rule] = POLICIES["internet"]["egress"]
    allowed = {block["ipBlock"]["cidr"]: set(block["ipBlock"]["except"]) for block in rule["to"]}
    assert allowed == {
        "0.0.0.0/0": {str(block) for block in addresses._NEVER_PUBLIC_V4},
        str(addresses._PUBLIC_V6): {str(block) for block in addresses._NEVER_PUBLIC_V6},
    }
    assert rule["ports"] == [
        {"protocol": "TCP", "port": HTTPS_PORT},
        {"protocol": "TCP", "port": FIRST_UNPRIVILEGED_PORT, "endPort": MAX_PORT},
    ]


def ports(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ports of the only rule."""
    [rule] = rules
    found: list[dict[str, Any]] = rule["ports"]
    return found
