"""The composition of the stack: which parts there are, and what each is told of the others."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.credentials import Credentials
from deploy.local.mongod import Mongod
from deploy.local.object_store import REGION, ObjectStore
from deploy.local.part import Part
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.python_part import PythonPart
from deploy.local.rabbitmq import RabbitMQ, RabbitMQPorts
from deploy.local.record import is_alive
from deploy.local.services import SERVICES, parse_replicas, service
from deploy.local.simulator import simulator
from deploy.local.state import StateFolder

DATABASE = "busker"
BUCKET = "busker-media"


@dataclass(frozen=True)
class Stack:
    """Every part of one stack, none of them necessarily running."""

    rabbitmq: RabbitMQ
    mongod: Mongod
    object_store: ObjectStore
    simulator: PythonPart
    services: dict[str, list[PythonPart]]
    credentials: Credentials
    api_url: str

    @property
    def servers(self) -> list[Part]:
        return [self.rabbitmq, self.mongod, self.object_store, self.simulator]

    @property
    def replicas(self) -> list[PythonPart]:
        return [replica for replicas in self.services.values() for replica in replicas]


def compose(folder: StateFolder, environment: Mapping[str, str]) -> Stack:
    """Lay out a stack in ``folder``, on the ports and with the replicas that the environment asks for."""
    ports = Ports(folder, environment)
    credentials = Credentials.of(folder)
    rabbitmq, mongod, object_store = _servers(folder, ports, credentials)
    api_url = f"http://{LOOPBACK}:{ports.of('api', held=is_alive(folder, 'api'))}"
    settings = {
        "MONGO_URL": mongod.url,
        "MONGO_DATABASE": DATABASE,
        "AMQP_URL": rabbitmq.url,
        "S3_ENDPOINT_URL": object_store.endpoint,
        "S3_BUCKET": BUCKET,
        "S3_REGION": REGION,
        "AWS_ACCESS_KEY_ID": credentials.s3_access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.s3_secret_key,
        "API_PUBLIC_URL": api_url,
        "ADMIN_TOKEN": credentials.admin_token,
        "SIGNING_SECRETS": credentials.signing_secrets,
        "VAULT_KEYS": credentials.vault_keys,
        "ALLOW_PRIVATE_NETWORKS": "1",
    }
    asked = parse_replicas(environment.get("REPLICAS", ""))
    return Stack(
        rabbitmq=rabbitmq,
        mongod=mongod,
        object_store=object_store,
        simulator=simulator(folder, ports.of("simulator", held=is_alive(folder, "simulator"))),
        services={
            kind: [
                service(folder, ports, kind, number, settings)
                for number in range(1, max(asked[kind], _running(folder, kind)) + 1)
            ]
            for kind in SERVICES
        },
        credentials=credentials,
        api_url=api_url,
    )


def _servers(folder: StateFolder, ports: Ports, credentials: Credentials) -> tuple[RabbitMQ, Mongod, ObjectStore]:
    broker_is_up = is_alive(folder, "rabbitmq")
    rabbitmq = RabbitMQ(
        folder=folder,
        ports=RabbitMQPorts(
            amqp=ports.of("rabbitmq", held=broker_is_up),
            nodes=ports.of("rabbitmq-nodes", held=broker_is_up),
            names=ports.of("rabbitmq-epmd", held=is_alive(folder, "rabbitmq-epmd")),
        ),
        user=credentials.rabbitmq_user,
        password=credentials.rabbitmq_password,
    )
    mongod = Mongod(folder, port=ports.of("mongo", held=is_alive(folder, "mongod")))
    object_store = ObjectStore(
        folder,
        port=ports.of("s3", held=is_alive(folder, "s3")),
        bucket=BUCKET,
        access_key=credentials.s3_access_key,
        secret_key=credentials.s3_secret_key,
    )
    return rabbitmq, mongod, object_store


def _running(folder: StateFolder, kind: str) -> int:
    """Return the highest number of a replica that runs; fewer asked for later stops none."""
    number = 1
    while is_alive(folder, f"{kind}-{number + 1}"):
        number += 1
    return number
