"""A delivery's names, and which jobs have one."""

import pytest

from services.webhooks.domain.delivery import Delivery, of_job
from shared.contracts.records.job import JobStatus
from tests.unit.services.webhooks.samples import AT, BUYER, URL, delivery, job


@pytest.mark.parametrize("status", [JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.EXPIRED])
def test_an_ended_job_has_one_delivery_named_after_its_ending(status: JobStatus) -> None:
    ended = job(status=status)
    name = f"{ended.id}:{status.value}"
    assert of_job(ended) == Delivery(name, BUYER, ended.id, f"music.generation.{status.value}", URL, AT)


def test_a_job_without_a_url_has_none() -> None:
    assert of_job(job(webhook_url=None)) is None


def test_the_message_id_is_stable_and_without_dots() -> None:
    first, again = delivery(id="a.job:succeeded"), delivery(id="a.job:succeeded")
    assert first.message_id == again.message_id
    assert first.message_id != delivery(id="a.job:failed").message_id
    assert first.message_id.startswith("msg_")
    assert first.message_id.removeprefix("msg_").isalnum()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Receiver.Example/Hook", "receiver.example"),
        ("https://receiver.example:8443/hook", "receiver.example"),
        ("https://receiver.example?x=https://other.example/", "receiver.example"),
        ("http://8.8.8.8:9000", "8.8.8.8"),
        ("http://[2606:4700::1111]:9000/", "[2606:4700::1111]"),
        ("http://[::1", "["),
        ("", ""),
        ("nonsense", ""),
        ("https://" + "x" * 4096, "x" * 253),
    ],
)
def test_its_host_is_told_from_any_url_whatever_the_port(url: str, host: str) -> None:
    assert delivery(url=url).host == host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:9000", "127.0.0.1:9000"),
        ("http://127.0.0.1:9001/hook", "127.0.0.1:9001"),
        ("http://127.0.0.1/hook", "127.0.0.1"),
        ("http://[::1]:9000/", "[::1]:9000"),
        ("http://10.1.2.3:81?x", "10.1.2.3:81"),
        ("http://localhost:9000", "localhost:9000"),
        ("http://receiver:9000", "receiver:9000"),
        ("http://receiver:" + "9" * 4096, "receiver:99999"),
    ],
)
def test_inside_each_port_is_a_receiver_of_its_own(url: str, host: str) -> None:
    assert delivery(url=url).host == host
