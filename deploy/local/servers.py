"""The three servers of a stack that brings its own."""

from deploy.local.addresses import Addresses
from deploy.local.credentials import Credentials
from deploy.local.mongod import Mongod
from deploy.local.object_store import ObjectStore
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.rabbitmq import RabbitMQ, RabbitMQPorts
from deploy.local.record import is_alive
from deploy.local.state import StateFolder
from deploy.provision.bucket import REGION

DATABASE = "busker"
BUCKET = "busker-media"


def own_servers(folder: StateFolder, ports: Ports, credentials: Credentials) -> tuple[list[Part], Addresses]:
    """Return the servers, none of them necessarily running, and where they are once they run."""
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
    addresses = Addresses(
        amqp_url=rabbitmq.url,
        mongo_url=mongod.url,
        mongo_database=DATABASE,
        s3_endpoint_url=object_store.endpoint,
        s3_bucket=BUCKET,
        s3_region=REGION,
        aws_access_key_id=credentials.s3_access_key,
        aws_secret_access_key=credentials.s3_secret_key,
    )
    return [rabbitmq, mongod, object_store], addresses
