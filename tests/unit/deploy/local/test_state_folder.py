"""What a stack keeps on disk."""

from pathlib import Path

from deploy.local.credentials import Credentials
from deploy.local.state import StateFolder
from shared.vault.keys import parse_vault_keys


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_saved_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    folder.save("kept.json", {"key": "value"})
    assert folder.read("kept.json") == {"key": "value"}
    assert mode(tmp_path / "state" / "kept.json") == 0o600
    assert mode(tmp_path / "state") == 0o700


def test_what_was_never_saved_is_empty(tmp_path: Path) -> None:
    assert StateFolder(tmp_path).read("nothing.json") == {}


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = Credentials.of(StateFolder(tmp_path))
    assert Credentials.of(StateFolder(tmp_path)) == first
    assert Credentials.of(StateFolder(tmp_path / "another")) != first


def test_secrets_kept_by_an_older_version_gain_what_they_lack(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.save("credentials.json", {"admin_token": "kept"})
    completed = Credentials.of(folder)
    assert completed.admin_token == "kept"
    assert Credentials.of(folder) == completed


def test_secrets_are_not_shown_when_printed(tmp_path: Path) -> None:
    made = Credentials.of(StateFolder(tmp_path))
    assert made.admin_token not in repr(made)
    assert made.s3_secret_key not in repr(made)


def test_the_vault_keys_are_as_the_vault_reads_them(tmp_path: Path) -> None:
    [key] = parse_vault_keys(Credentials.of(StateFolder(tmp_path)).vault_keys)
    assert key.kid.startswith("vault")
