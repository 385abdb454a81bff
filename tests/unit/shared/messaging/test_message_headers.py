"""Our headers on the wire and back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.dead_letters import letter
from shared.messaging.hand_over import passed_on
from shared.messaging.headers import arrived, travelling
from shared.messaging.message import Message, Received
from shared.messaging.topology import Queue
from shared.messaging.verdict import Bury, Reason

NAMES = st.sampled_from(["failures", "event-id", "routing-key", "x-death", "dead-reason", "traceparent"]) | st.text()
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.text("0123456789", min_size=1) | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def there_and_back(message: Message) -> Received:
    return arrived(
        travelling(message),
        routing_key=message.queue or message.routing_key,
        body=message.body,
        content_type=message.content_type,
        redelivered=False,
    )


def test_a_message_arrives_as_it_was_said() -> None:
    message = Message("music.job.created", b"{}", "event-1", headers={"traceparent": "00-1"})
    assert there_and_back(message) == Received("music.job.created", b"{}", "event-1", headers={"traceparent": "00-1"})


def test_straight_to_a_queue_it_keeps_its_routing_key() -> None:
    message = Message("music.job.created", b"{}", "event-1", queue="router")
    assert there_and_back(message).routing_key == "music.job.created"


def test_a_failed_message_counts_and_keeps_what_it_was() -> None:
    received = Received("music.job.created", b"{}", "event-1", headers={"traceparent": "00-1"}, failures=2)
    bury = Bury(Reason.REFUSED, "no_such")
    again = there_and_back(passed_on(received, Queue("router", ()), bury, ValueError("sk-secret")))
    assert again == Received("music.job.created", b"{}", "event-1", headers={"traceparent": "00-1"}, failures=3)


def test_the_text_of_an_error_does_not_travel() -> None:
    received = Received("music.job.created", b"{}", "event-1")
    message = passed_on(received, Queue("router", ()), Bury(Reason.BUG), ValueError("sk-secret"))
    assert "sk-secret" not in str(message)
    assert message.headers["dead-error"] == "ValueError"


@given(st.dictionaries(NAMES, VALUES))
def test_no_header_from_outside_can_break_us(found: dict[str, Any]) -> None:
    received = arrived(found, routing_key="key", body=b"", content_type="", redelivered=False)
    assert 0 <= received.failures < 1_000_000
    assert letter("1", found, body=b"", content_type="").received.failures == received.failures


def test_what_the_broker_set_aside_says_where_it_came_from() -> None:
    found = {"x-death": [{"reason": "delivery_limit", "queue": "router", "routing-keys": ["music.job.created"]}]}
    dead = letter("1", found, body=b"{}", content_type="")
    assert (dead.reason, dead.received.routing_key) == ("delivery_limit", "music.job.created")
