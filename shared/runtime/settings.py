"""Settings from the environment, read once.  What is missing or malformed ends the process in one line."""

from __future__ import annotations

import re
import sys
from ipaddress import AddressValueError, IPv6Address
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kernel.secret import Secret
from shared.market.catalogue import Catalogue, CatalogueError, read_catalogue, shipped_catalogue
from shared.providers.registry import PROVIDERS
from shared.runtime.urls import AMQP, is_base, names_a_host
from shared.storage.mongo import is_mongo_url
from shared.storage.objects import Store, is_endpoint
from shared.vault.keys import VaultKey, VaultKeysMalformed, parse_vault_keys

HIGHEST_PORT: Final = 65_535


def _secret(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str) or not value:
        raise ValueError("must not be empty")
    return Secret(value)


def _mongo_url(value: object) -> Secret:
    secret = _secret(value)
    if not is_mongo_url(secret.reveal()):
        raise ValueError("must be a URL such as mongodb://localhost:27017/?replicaSet=rs0")
    return secret


def _amqp_url(value: object) -> Secret:
    secret = _secret(value)
    if not names_a_host(secret.reveal(), AMQP):
        raise ValueError("must be a URL such as amqp://user:password@localhost:5672/")
    return secret


def _public_url(value: object) -> str:
    if not is_base(str(value)):
        raise ValueError("must be the URL by which buyers reach api, such as https://busker.example")
    return str(value).rstrip("/")


def _collector(value: object) -> str:
    if value and not is_base(str(value)):
        raise ValueError("must be empty, or a URL such as http://collector:4318")
    return str(value)


def _endpoint(value: object) -> str:
    if value and not (is_base(str(value)) and is_endpoint(str(value))):
        raise ValueError("must be empty for AWS, or a URL such as http://localhost:9000")
    return str(value)


def _like(pattern: str, what: str) -> BeforeValidator:
    def check(value: object) -> str:
        if re.fullmatch(pattern, str(value)) is None:
            raise ValueError(f"must be {what}")
        return str(value)

    return BeforeValidator(check)


def _bind(value: object) -> tuple[str, int]:
    if isinstance(value, tuple):
        return value
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})", str(value))
    if found is None or int(found[3]) > HIGHEST_PORT or (found[1] and not _is_ipv6(found[1])):
        raise ValueError("must be host:port, such as 127.0.0.1:8080 or [::1]:8080")
    return found[1] or found[2], int(found[3])


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _vault_keys(value: object) -> tuple[VaultKey, ...]:
    try:
        return parse_vault_keys(str(value))
    except VaultKeysMalformed as error:
        raise ValueError(str(error).removeprefix("VAULT_KEYS: ")) from None


def _catalogue(value: object) -> Catalogue | None:
    if value is None or isinstance(value, Catalogue):
        return value
    if not value:
        return None
    try:
        catalogue = read_catalogue(Path(str(value)).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except CatalogueError as error:
        raise ValueError(f"cannot be used: {error}") from None
    except UnicodeDecodeError:
        raise ValueError("cannot be used: it is not UTF-8") from None
    if strange := next((model for model in catalogue if model.provider not in PROVIDERS), None):
        raise ValueError(f"cannot be used: {strange.id}: provider must be one of: {', '.join(sorted(PROVIDERS))}")
    return catalogue


SecretSetting: TypeAlias = Annotated[Secret, BeforeValidator(_secret), PlainSerializer(repr)]
VaultKeysSetting: TypeAlias = Annotated[tuple[VaultKey, ...], BeforeValidator(_vault_keys), PlainSerializer(repr)]
CatalogueFile: TypeAlias = Annotated[Catalogue | None, BeforeValidator(_catalogue), PlainSerializer(repr)]
Bind: TypeAlias = Annotated[tuple[str, int], BeforeValidator(_bind)]
MongoUrl: TypeAlias = Annotated[Secret, BeforeValidator(_mongo_url), PlainSerializer(repr)]
AmqpUrl: TypeAlias = Annotated[Secret, BeforeValidator(_amqp_url), PlainSerializer(repr)]
PublicUrl: TypeAlias = Annotated[str, BeforeValidator(_public_url)]
"""Without a slash at its end."""
Collector: TypeAlias = Annotated[str, BeforeValidator(_collector)]
Endpoint: TypeAlias = Annotated[str, BeforeValidator(_endpoint)]
DatabaseName: TypeAlias = Annotated[str, _like(r'[^\s./\\"$\x00]{1,63}', "the name of a database")]
BucketName: TypeAlias = Annotated[str, _like(r"[A-Za-z0-9._-]{1,255}", "the name of a bucket")]
Region: TypeAlias = Annotated[str, _like(r"[A-Za-z0-9-]{1,63}", "the name of a region, such as us-east-1")]
KeyId: TypeAlias = Annotated[str, _like(r"[!-~]+", "the id of an access key")]
Shortened: TypeAlias = Annotated[float | None, Field(gt=0, le=86_400, allow_inf_nan=False)]
"""Seconds in place of a number that is policy, for tests; None leaves it."""


class ProcessSettings(BaseSettings):
    """What every service needs.  A subclass adds its own; field names are the variables, in small letters."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", arbitrary_types_allowed=True, hide_input_in_errors=True, enable_decoding=False
    )

    SERVICE: ClassVar[str]

    mongo_url: MongoUrl
    mongo_database: DatabaseName = "busker"
    mongo_driver: Literal["motor", "pymongo"] = "motor"
    amqp_url: AmqpUrl
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    otel_exporter_otlp_endpoint: Collector = ""
    allow_private_networks: bool = False

    def __init__(self, **values: Any) -> None:
        """Read the environment; ``values`` go before it.  Exits with one line when that cannot work."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            sys.exit(_one_line(error))

    @property
    def admin_bind(self) -> tuple[str, int]:
        """Where health and metrics of this process are served."""
        bind: tuple[str, int] = getattr(self, f"{self.SERVICE}_admin_bind")
        return bind


class ObjectStoreSettings(BaseSettings):
    """Where the objects are, for the services that read or write them."""

    model_config = ProcessSettings.model_config

    s3_endpoint_url: Endpoint = ""
    s3_bucket: BucketName
    s3_region: Region = "us-east-1"
    aws_access_key_id: KeyId
    aws_secret_access_key: SecretSetting

    @property
    def store(self) -> Store:
        """The same as one value."""
        return Store(
            self.s3_endpoint_url, self.s3_bucket, self.s3_region, self.aws_access_key_id, self.aws_secret_access_key
        )


class CatalogueSettings(BaseSettings):
    """Which models there are, for the services that need to know: a file, or those that come with the market."""

    model_config = ProcessSettings.model_config

    catalogue_file: CatalogueFile = None

    @property
    def catalogue(self) -> Catalogue:
        """The models of that file, as they were at the start."""
        return shipped_catalogue() if self.catalogue_file is None else self.catalogue_file


def _one_line(error: ValidationError) -> str:
    complaints = []
    for detail in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in detail["loc"]).upper() or "settings"
        what = "is missing" if detail["type"] == "missing" else detail["msg"].removeprefix("Value error, ")
        complaints.append(f"{name} {what}")
    return "busker cannot start: " + "; ".join(complaints)
