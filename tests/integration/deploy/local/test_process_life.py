"""Processes of a local stack: recorded before they run, recognised later, ended in bounded time."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.part import DidNotStart, await_ready, start
from deploy.local.ports import accepts, free_port, is_free
from deploy.local.process import WHEN_RECORDED, Process
from deploy.local.python_part import REPOSITORY, PythonPart
from deploy.local.record import Record, birth, read_records
from deploy.local.state import StateFolder
from deploy.local.stopping import happens, stop

SLEEP = ["/bin/sleep", "300"]
DEAF = ["/bin/sh", "-c", "trap '' TERM; touch deaf; while :; do sleep 0.1; done"]
LISTENS_WITH_MANY_THREADS = """
import socket, sys, threading, time
memory = [bytearray(3_000_000) for _ in range(60)]
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
for _ in range(40):
    threading.Thread(target=time.sleep, args=(300,)).start()
"""
STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from deploy.local.process import Process
from deploy.local.record import Record
from deploy.local.state import StateFolder
folder = StateFolder(Path(sys.argv[1]), lasting=False)
Process(Record("child", 1, 1, None), ["/bin/sleep", "300"], folder=folder, env={}).start()
time.sleep(300)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[StateFolder]:
    folder = StateFolder(tmp_path)
    yield folder
    stop(list(folder.records.glob("*.json")), grace=0)


def process(folder: StateFolder, argv: list[str], name: str = "sleeper") -> Process:
    return Process(Record(name, stage=1, port=1, probe=None), argv, folder=folder, env={}, cwd=folder.root)


def test_a_started_process_is_found_again_and_not_started_twice(folder: StateFolder) -> None:
    assert process(folder, SLEEP).start()
    again = process(folder, SLEEP)
    pid = again.pid
    assert again.alive
    assert not again.start()
    assert again.pid == pid


def test_a_stopped_process_leaves_no_record(folder: StateFolder) -> None:
    sleeper = process(folder, SLEEP)
    sleeper.start()
    sleeper.stop(grace=5)
    assert not sleeper.alive
    assert read_records(folder.records) == []


def test_a_killed_process_is_dead_and_can_be_started_again(folder: StateFolder) -> None:
    sleeper = process(folder, SLEEP)
    sleeper.start()
    first = sleeper.pid
    sleeper.send(signal.SIGKILL)
    assert happens(lambda: not sleeper.alive, within=5)
    assert sleeper.start()
    assert sleeper.pid != first


def test_the_port_of_a_killed_process_is_free_as_soon_as_it_is_dead(folder: StateFolder) -> None:
    for _ in range(5):
        port = free_port()
        busy = process(folder, [sys.executable, "-c", LISTENS_WITH_MANY_THREADS, str(port)], name=f"busy-{port}")
        busy.start()
        assert happens(lambda: accepts(port), within=10)  # noqa: B023 - asked within this round
        busy.send(signal.SIGKILL)
        assert happens(lambda: not busy.alive, within=5, every=0)  # noqa: B023
        assert is_free(port)


def test_a_process_that_ignores_the_request_is_killed_when_its_grace_is_over(folder: StateFolder) -> None:
    deaf = process(folder, DEAF)
    deaf.start()
    assert happens((folder.root / "deaf").exists, within=5)
    deaf.stop(grace=0.2)
    assert not deaf.alive


@pytest.mark.parametrize("stale", [{"born": 1}, {"boot": "before the reboot"}])
def test_a_pid_that_now_belongs_to_another_process_is_left_alone(folder: StateFolder, stale: dict[str, object]) -> None:
    other = process(folder, SLEEP, "other")
    other.start()
    assert other.record is not None
    path = folder.records / "sleeper.json"
    path.write_text(json.dumps({**vars(other.record), "name": "sleeper", **stale}))
    stop([path], grace=0)
    assert not path.exists()
    assert other.alive


def test_a_program_whose_starter_died_before_recording_it_never_runs(folder: StateFolder) -> None:
    trace = folder.root / "trace"
    orphan = subprocess.run([*WHEN_RECORDED, "touch", str(trace)], stdin=subprocess.DEVNULL, check=False)
    assert orphan.returncode != 0
    assert not trace.exists()


def test_processes_of_a_folder_that_does_not_last_die_with_their_starter(folder: StateFolder) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTS_AND_WAITS, str(folder.root)], cwd=REPOSITORY)
    child = folder.records / "child.json"
    try:
        assert happens(child.exists, within=20)
        pid = json.loads(child.read_text())["pid"]
        assert happens(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n", within=5)
    finally:
        starter.kill()
        starter.wait()
    assert happens(lambda: birth(pid) is None, within=5)


def test_a_part_that_dies_while_starting_shows_the_end_of_its_log(folder: StateFolder) -> None:
    port = free_port()
    part = PythonPart(folder, "broken", "no.such.module", port, f"http://127.0.0.1:{port}/readyz", settings={}, stage=2)
    start(part)
    with pytest.raises(DidNotStart, match=r"(?s)broken stopped while starting.*no\.such|No module named"):
        await_ready([part])
