"""The composition of the stack: which parts there are, and what each is told of the others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.addresses import Addresses
from deploy.local.credentials import Credentials
from deploy.local.part import Part
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.python_part import PythonPart
from deploy.local.record import is_alive, read_records
from deploy.local.servers import own_servers
from deploy.local.services import SERVICES, parse_replicas, service
from deploy.local.simulator import simulator
from deploy.local.state import StateFolder

# Settings that the caller's environment may change; all others are the stack's own.
TUNABLE = (
    "CATALOGUE_FILE",
    "MONGO_DRIVER",
    "MEDIA_ARTIFACT_TTL_SECONDS",
    "MARKETPLACE_FEE_BPS",
    "POLL_INITIAL_SECONDS",
    "POLL_CAP_SECONDS",
    "JOB_EXPIRY_SECONDS",
    "WEBHOOK_LADDER_SECONDS",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
)


@dataclass(frozen=True)
class Stack:
    """Every part of one stack, none of them necessarily running."""

    servers: list[Part]
    addresses: Addresses
    simulator: PythonPart
    services: dict[str, list[PythonPart]]
    credentials: Credentials
    api_url: str

    @property
    def replicas(self) -> list[PythonPart]:
        return [replica for replicas in self.services.values() for replica in replicas]


def compose(folder: StateFolder, environment: Mapping[str, str], given: Addresses | None = None) -> Stack:
    """Lay out a stack in ``folder``, on the ports and with the replicas that the environment asks for.

    It brings its own servers, unless it is ``given`` the addresses of others.
    """
    ports = Ports(folder, environment)
    credentials = Credentials.of(folder)
    servers, addresses = ([], given) if given else own_servers(folder, ports, credentials)
    api_url = f"http://{LOOPBACK}:{ports.of('api', held=is_alive(folder, 'api'))}"
    settings = {
        **{name: environment[name] for name in TUNABLE if name in environment},
        **addresses.settings(),
        "API_PUBLIC_URL": api_url,
        "ADMIN_TOKEN": credentials.admin_token,
        "SIGNING_SECRETS": credentials.signing_secrets,
        "VAULT_KEYS": credentials.vault_keys,
        "ALLOW_PRIVATE_NETWORKS": "1",
    }
    return Stack(
        servers=servers,
        addresses=addresses,
        simulator=simulator(folder, ports.of("simulator", held=is_alive(folder, "simulator"))),
        services=_services(folder, ports, parse_replicas(environment.get("REPLICAS", "")), settings),
        credentials=credentials,
        api_url=api_url,
    )


def _services(
    folder: StateFolder, ports: Ports, asked: Mapping[str, int], settings: Mapping[str, str]
) -> dict[str, list[PythonPart]]:
    return {
        kind: [
            service(folder, ports, kind, number, settings)
            for number in range(1, max(asked[kind], _highest(folder, kind)) + 1)
        ]
        for kind in SERVICES
    }


def _highest(folder: StateFolder, kind: str) -> int:
    """Return the highest number of a replica that has a record.

    Fewer asked for later stops none, and one that died is missing.
    """
    names = (re.fullmatch(rf"{kind}-(\d+)", record.name) for record in read_records(folder.records))
    return max((int(name[1]) for name in names if name), default=1)
