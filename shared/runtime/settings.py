"""Settings from the environment, read once.  What is missing or malformed ends the process in one line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, PlainSerializer, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kernel.secret import Secret
from shared.market.catalogue import Catalogue, CatalogueError, read_catalogue, shipped_catalogue
from shared.providers.registry import PROVIDERS
from shared.storage.objects import Store
from shared.vault.keys import VaultKey, VaultKeysMalformed, parse_vault_keys


def _secret(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str) or not value:
        raise ValueError("must not be empty")
    return Secret(value)


def _bind(value: object) -> tuple[str, int]:
    if isinstance(value, tuple):
        return value
    host, colon, port = str(value).rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) <= 65_535):  # noqa: PLR2004
        raise ValueError("must be host:port, such as 127.0.0.1:8080")
    return host, int(port)


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


class ProcessSettings(BaseSettings):
    """What every service needs.  A subclass adds its own; field names are the variables, in small letters."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", arbitrary_types_allowed=True, hide_input_in_errors=True, enable_decoding=False
    )

    SERVICE: ClassVar[str]

    mongo_url: SecretSetting
    mongo_database: str = "busker"
    mongo_driver: Literal["motor", "pymongo"] = "motor"
    amqp_url: SecretSetting
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    otel_exporter_otlp_endpoint: str = ""
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

    s3_endpoint_url: str = ""
    s3_bucket: str
    s3_region: str = "us-east-1"
    aws_access_key_id: str
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
