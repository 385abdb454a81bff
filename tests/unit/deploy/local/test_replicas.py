"""``REPLICAS``: how many of each service."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from deploy.local.addresses import Addresses
from deploy.local.record import Record
from deploy.local.services import SERVICES, UnknownReplicas, parse_replicas
from deploy.local.stack import compose
from deploy.local.state import StateFolder

ELSEWHERE = Addresses("amqp://host", "mongodb://host", "busker", "http://host", "media", "us-east-1", "id", "secret")


def laid_out(folder: StateFolder, **environment: str) -> list[str]:
    """The names of the pollers of a stack in that folder."""
    return [replica.name for replica in compose(folder, environment, ELSEWHERE).services["poller"]]


def killed(folder: StateFolder, name: str) -> None:
    """What is left of a process that was started and is dead."""
    (folder.records / f"{name}.json").write_text(json.dumps(asdict(Record(name, stage=2, port=1, probe=None))))


def test_without_a_wish_there_is_one_of_each() -> None:
    assert parse_replicas("") == dict.fromkeys(SERVICES, 1)


def test_what_is_asked_for_is_given_and_the_rest_stays_one() -> None:
    assert parse_replicas("router=2 poller=13") == dict.fromkeys(SERVICES, 1) | {"router": 2, "poller": 13}


@pytest.mark.parametrize("text", ["router", "router=0", "router=x", "mongod=2", "router=-1", "router=1000"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnknownReplicas, match=text.split("=", maxsplit=1)[0]):
        parse_replicas(text)


def test_a_replica_that_died_is_missing_and_those_after_it_are_not_forgotten(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    for name in ("poller", "poller-2", "poller-3", "poller-12"):
        killed(folder, name)
    assert laid_out(folder) == ["poller", *(f"poller-{number}" for number in range(2, 13))]


def test_fewer_asked_for_later_stops_none(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    killed(folder, "poller-3")
    killed(folder, "poller-admin")
    assert laid_out(folder, REPLICAS="poller=2") == ["poller", "poller-2", "poller-3"]


def test_where_nothing_was_started_there_is_what_is_asked_for(tmp_path: Path) -> None:
    assert laid_out(StateFolder(tmp_path), REPLICAS="poller=2") == ["poller", "poller-2"]
