"""How often a poller looks is bounded before it begins."""

import pytest

from services.poller.settings import Settings

NEEDED = {
    "MONGO_URL": "mongodb://localhost",
    "AMQP_URL": "amqp://localhost",
    "VAULT_KEYS": "k1:" + "A" * 43 + "=",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("name", ["POLL_INITIAL_SECONDS", "POLL_CAP_SECONDS"])
@pytest.mark.parametrize("value", ["-1", "0", "1e-9", "nan", "inf", "-inf", "601", "soon"])
def test_a_wait_that_makes_no_sense_ends_the_process_in_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"^busker cannot start: {name} [^\\n;]+$"):
        Settings()


@pytest.mark.parametrize("value", ["0.01", "0.3", "600"])
def test_a_wait_within_reason_is_taken(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLL_INITIAL_SECONDS", value)
    monkeypatch.setenv("POLL_CAP_SECONDS", value)
    settings = Settings()
    assert settings.poll_initial_seconds == settings.poll_cap_seconds == float(value)
