"""The catalogue is a setting: an operator's file, or what comes with the market."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.market.catalogue import shipped_catalogue
from shared.runtime.settings import CatalogueSettings, ProcessSettings

MODEL: dict[str, Any] = {
    "id": "of-our-own",
    "kind": "music",
    "name": "Of our own",
    "provider": "venice",
    "provider_model": "x",
    "created": 1,
    "pricing": {"generation": "5"},
}


class Settings(ProcessSettings, CatalogueSettings):
    """A service that needs to know the models."""

    SERVICE: ClassVar[str] = "example"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Settings]:
    """The settings of a process whose catalogue's file holds this text."""
    monkeypatch.setenv("MONGO_URL", "mongodb://host/")
    monkeypatch.setenv("AMQP_URL", "amqp://host/")

    def settings(text: str) -> Settings:
        file = tmp_path / "models.json"
        file.write_text(text)
        monkeypatch.setenv("CATALOGUE_FILE", str(file))
        return Settings()

    return settings


def test_a_model_can_be_added_without_code(given: Callable[[str], Settings]) -> None:
    assert [model.id for model in given(json.dumps([MODEL])).catalogue] == ["of-our-own"]


def test_without_a_file_the_models_are_those_that_come_with_the_market(
    given: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(json.dumps([MODEL]))
    monkeypatch.setenv("CATALOGUE_FILE", "")
    assert list(Settings().catalogue) == list(shipped_catalogue())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (json.dumps([MODEL | {"created": "x"}]), "cannot be used: of-our-own: created must be a whole number"),
        (json.dumps([MODEL | {"provider": "nobody"}]), "cannot be used: of-our-own: provider must be one of: venice"),
        ("[", "cannot be used: the catalogue is not JSON"),
        ("\x00", "cannot be used: the catalogue is not JSON"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_start_in_one_line(
    given: Callable[[str], Settings], text: str, complaint: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        given(text)
    (line,) = str(stopped.value).splitlines()
    assert line.startswith(f"busker cannot start: CATALOGUE_FILE {complaint}")


def test_a_file_that_is_not_there_stops_the_start(
    given: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(json.dumps([MODEL]))
    monkeypatch.setenv("CATALOGUE_FILE", "/nowhere/models.json")
    with pytest.raises(SystemExit, match="CATALOGUE_FILE cannot be read: No such file"):
        Settings()
