"""``REPLICAS``: how many of each service."""

import pytest

from deploy.local.services import SERVICES, UnknownReplicas, parse_replicas


def test_without_a_wish_there_is_one_of_each() -> None:
    assert parse_replicas("") == dict.fromkeys(SERVICES, 1)


def test_what_is_asked_for_is_given_and_the_rest_stays_one() -> None:
    assert parse_replicas("router=2 poller=13") == dict.fromkeys(SERVICES, 1) | {"router": 2, "poller": 13}


@pytest.mark.parametrize("text", ["router", "router=0", "router=x", "mongod=2", "router=-1", "router=1000"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnknownReplicas, match=text.split("=", maxsplit=1)[0]):
        parse_replicas(text)
