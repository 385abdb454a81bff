"""What a webhooks process can be told."""

from datetime import timedelta

import pytest

from services.webhooks.domain.ladder import LADDER
from services.webhooks.settings import Settings
from shared.kernel.secret import Secret

GIVEN = {
    "mongo_url": Secret("mongodb://127.0.0.1"),
    "amqp_url": Secret("amqp://127.0.0.1"),
    "vault_keys": "one:" + "A" * 43 + "=",
    "api_public_url": "https://api.example",
    "s3_bucket": "media",
    "aws_access_key_id": "access",
    "aws_secret_access_key": "secret",
}


def test_unless_told_the_ladder_is_the_one_in_the_contract() -> None:
    assert Settings(**GIVEN).webhook_ladder_seconds == LADDER


def test_the_ladder_is_seconds_separated_by_commas() -> None:
    ladder = Settings(**GIVEN, webhook_ladder_seconds="0, 0.5,30").webhook_ladder_seconds
    assert ladder == (timedelta(), timedelta(seconds=0.5), timedelta(seconds=30))


@pytest.mark.parametrize("ladder", ["", "0,,1", "soon", "-1", "nan", "inf", "1e99"])
def test_a_ladder_that_cannot_be_climbed_stops_the_start(ladder: str) -> None:
    with pytest.raises(SystemExit, match="WEBHOOK_LADDER_SECONDS must"):
        Settings(**GIVEN, webhook_ladder_seconds=ladder)


def test_a_base_address_of_api_must_be_given() -> None:
    given = {name: value for name, value in GIVEN.items() if name != "api_public_url"}
    with pytest.raises(SystemExit, match="API_PUBLIC_URL is missing"):
        Settings(**given)


def test_a_link_to_api_has_one_slash_after_its_address_as_the_links_that_api_gives() -> None:
    assert Settings(**GIVEN | {"api_public_url": "https://api.example/"}).api_public_url == "https://api.example"


@pytest.mark.parametrize("url", ["", "api.example", "ftp://api.example", "https://api.example/#top"])
def test_a_base_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(SystemExit, match="API_PUBLIC_URL must be the URL by which buyers reach api"):
        Settings(**GIVEN | {"api_public_url": url})
