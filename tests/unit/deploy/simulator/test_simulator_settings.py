"""How a simulator is told where to listen."""

import pytest

from deploy.simulator.settings import Settings, read_settings


def test_told_nothing_it_listens_on_loopback() -> None:
    assert read_settings([], {}) == Settings()
    assert Settings().host == "127.0.0.1"


def test_the_environment_can_say_it_all() -> None:
    told = {"SIMULATOR_BIND": "127.0.0.2:9000", "SIMULATOR_RENDER_SECONDS": "0.5", "SIMULATOR_FORMAT": "flac"}
    assert read_settings([], told) == Settings("127.0.0.2", 9000, False, 0.5, "flac")


def test_arguments_win_over_the_environment() -> None:
    settings = read_settings(["--port", "1", "--strict-limits"], {"SIMULATOR_BIND": "127.0.0.1:9000"})
    assert (settings.port, settings.strict_limits) == (1, True)


def test_a_value_that_cannot_be_used_stops_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_settings([], {"SIMULATOR_BIND": "127.0.0.1:http"})
    assert "--port" in capsys.readouterr().err
