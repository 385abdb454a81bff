"""Where the servers are that the services stand on, and the keys that open them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Addresses:
    """A broker, a database and a bucket, whoever runs them."""

    amqp_url: str = field(repr=False)
    mongo_url: str
    mongo_database: str
    s3_endpoint_url: str
    s3_bucket: str
    s3_region: str
    aws_access_key_id: str
    aws_secret_access_key: str = field(repr=False)

    def settings(self) -> dict[str, str]:
        """Return them under the names that the services read."""
        return {name.upper(): value for name, value in vars(self).items()}
