"""The script that makes the secrets of a stack."""

import stat
from pathlib import Path

from tests.unit.deploy.containers.env_file import make_env, read_env


def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    assert make_env(tmp_path).returncode == 0
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_an_existing_file_is_left_as_it_is(tmp_path: Path) -> None:
    make_env(tmp_path)
    before = (tmp_path / ".env").read_text()
    again = make_env(tmp_path)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert (tmp_path / ".env").read_text() == before


def test_no_two_files_share_a_secret(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        make_env(folder)
        found.append(read_env(folder / ".env"))
    one, two = found
    assert {name for name in one if one[name] == two[name]} == {"API_PORT", "API_PUBLIC_URL"}


def test_private_addresses_are_open_only_where_the_simulator_is_asked_for(tmp_path: Path) -> None:
    make_env(tmp_path)
    assert "ALLOW_PRIVATE_NETWORKS" not in read_env(tmp_path / ".env")
    (tmp_path / ".env").unlink()
    make_env(tmp_path, "--simulator")
    asked = read_env(tmp_path / ".env")
    assert (asked["ALLOW_PRIVATE_NETWORKS"], asked["COMPOSE_PROFILES"]) == ("1", "simulator")


def test_an_argument_it_does_not_know_writes_nothing(tmp_path: Path) -> None:
    assert make_env(tmp_path, "--simulater").returncode == 2
    assert not (tmp_path / ".env").exists()
