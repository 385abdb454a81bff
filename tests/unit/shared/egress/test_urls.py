"""What a stranger's URL may look like."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from shared.egress.ports import PORTS_OF_OTHERS
from shared.egress.refusals import Refusal, UrlNotAllowed
from shared.egress.urls import MAX_URL, parse_base_url, parse_public_url
from tests.unit.shared.egress.hostile_urls import hostile_urls

HOSTILE = hostile_urls()


def refusal_of(text: str, *, allow_private: bool = False) -> Refusal:
    with pytest.raises(UrlNotAllowed) as refused:
        parse_public_url(text, allow_private=allow_private)
    return refused.value.refusal


def test_the_corpus_is_large():
    assert len(HOSTILE) >= 300


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_url_is_refused(text):
    assert refusal_of(text) in Refusal


def test_no_refusal_says_an_address_or_a_name():
    sentences = {refusal_of(text).value for text in HOSTILE}
    assert not any(re.search(r"\d\.\d|::|localhost|internal", sentence) for sentence in sentences)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/", "https://example.com/"),
        ("HTTPS://Example.COM/Hook", "https://example.com/Hook"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com?x=1", "https://example.com/?x=1"),
        ("https://example.com/a%20b?x[]=1&y=%e2%82%ac", "https://example.com/a%20b?x[]=1&y=%e2%82%ac"),
        ("https://example.com/a/../b//c", "https://example.com/a/../b//c"),
        ("https://example.com/@me:1;p=(a)", "https://example.com/@me:1;p=(a)"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://例え。example/", "https://xn--r8jz45g.example/"),
        ("https://a-b.c1.example.com/", "https://a-b.c1.example.com/"),
        ("https://1.2.3.4.example.com/", "https://1.2.3.4.example.com/"),
        ("https://127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:0:0:0:0:0:1111]:8443/a", "https://[2606:4700::1111]:8443/a"),
        ("https://[2606:4700:0000::1111]", "https://[2606:4700::1111]/"),
    ],
)
def test_an_ordinary_url_is_stored_in_its_canonical_spelling(text, stored):
    assert parse_public_url(text, allow_private=False).text == stored
    assert parse_public_url(stored, allow_private=False).text == stored


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("http://example.com/", Refusal.SCHEME),
        ("https://u@example.com/", Refusal.USERINFO),
        ("https://example.com/#a", Refusal.FRAGMENT),
        ("https://example.com:80/", Refusal.PORT),
        ("https://example.com:5672/", Refusal.PORT),
        ("https://example.com/é", Refusal.CHARACTERS),
        ("https://exa mple.com/", Refusal.SHAPE),
        ("https://example.com./", Refusal.HOST),
        ("https://127.1/", Refusal.NUMERIC_HOST),
        ("https://[::ffff:8.8.8.8]/", Refusal.NUMERIC_HOST),
        ("https://127.0.0.1/", Refusal.NOT_PUBLIC),
        ("https://db.internal/", Refusal.NOT_PUBLIC),
        ("https://example.com/" + "a" * MAX_URL, Refusal.TOO_LONG),
    ],
)
def test_a_refusal_says_what_is_wrong(text, refusal):
    assert refusal_of(text) is refusal


def test_the_longest_url_is_accepted_and_one_more_character_is_not():
    longest = "https://example.com/" + "a" * (MAX_URL - 20)
    assert parse_public_url(longest, allow_private=False).text == longest
    assert refusal_of(longest + "a") is Refusal.TOO_LONG


def test_a_url_that_grows_beyond_the_limit_is_refused():
    text = "https://" + "ü" * 30 + ".example/" + "a" * (MAX_URL - 47)
    assert len(text) == MAX_URL
    assert refusal_of(text) is Refusal.TOO_LONG


@pytest.mark.parametrize("port", sorted(PORTS_OF_OTHERS))
def test_the_ports_of_others_are_refused(port):
    assert refusal_of(f"https://example.com:{port}/") is Refusal.PORT


WORDS = ["https://", "http://", "example.com", "127.0.0.1", "localhost", "[::1]", "xn--", "a", "0x7f", "1", "ß", "１"]
MARKS = ["@", ":", "/", "//", "\\", "?", "#", ".", "。", ";", "-", ":443", ":8443", "%2e", "%00", "\t", "\n", " "]
PIECES = st.sampled_from(WORDS + MARKS)


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=8).map("".join), st.booleans())
def test_whatever_is_accepted_is_read_alike_by_every_parser(text, allow_private):
    try:
        checked = parse_public_url("https://a.example" + text, allow_private=allow_private)
    except UrlNotAllowed:
        return
    sent = URL(checked.text, encoded=True)
    assert sent.raw_host == urlsplit(checked.text).hostname == checked.host
    assert str(sent) == checked.text
    assert sent.user is None
    assert parse_public_url(checked.text, allow_private=allow_private) == checked


@given(st.text())
def test_any_text_is_accepted_or_refused_and_nothing_else(text):
    for candidate in (text, f"https://{text}", f"https://example.com/{text}", f"https://{text}.com:{text}"):
        try:
            checked = parse_public_url(candidate, allow_private=False)
        except UrlNotAllowed:
            continue
        assert re.fullmatch(r"https://[\x21-\x7e]+", checked.text)


def test_a_url_shows_its_origin_only():
    checked = parse_public_url("https://example.com:8443/hook/T0KEN?key=T0KEN", allow_private=False)
    assert str(checked) == repr(checked) == "CheckedUrl(https://example.com:8443)"


@pytest.mark.parametrize("text", ["https://api.venice.ai/api/v1", "https://api.venice.ai/api/v1/"])
def test_a_base_url_has_no_slash_at_its_end(text):
    base = parse_base_url(text, allow_private=False)
    assert base.text == "https://api.venice.ai/api/v1"
    assert base.at("/audio/queue").text == "https://api.venice.ai/api/v1/audio/queue"


def test_a_bare_host_is_a_base_url():
    assert parse_base_url("https://api.venice.ai", allow_private=False).at("/x").text == "https://api.venice.ai/x"


@pytest.mark.parametrize("text", ["https://api.venice.ai/?x", "https://api.venice.ai/api?x=1"])
def test_a_base_url_has_no_query(text):
    with pytest.raises(UrlNotAllowed) as refused:
        parse_base_url(text, allow_private=False)
    assert refused.value.refusal is Refusal.QUERY


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:8080/hook",
        "http://127.0.0.1:1/",
        "https://127.0.0.1:5672/",
        "http://simulator/",
        "http://10.1.2.3/",
        "http://[::1]:8080/",
        "http://[fd00::1]/",
        "http://host.docker.internal:8080/",
    ],
)
def test_development_may_use_http_any_port_and_private_hosts(text):
    assert parse_public_url(text, allow_private=True).text == text


@pytest.mark.parametrize(
    "text",
    [
        "ftp://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://224.0.0.1/",
        "http://100.100.100.200/",
        "http://2130706433/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://user@localhost/",
        "http://localhost./",
        "http://localhost:0/",
        "http://localhost:65536/",
    ],
)
def test_development_opens_nothing_else(text):
    assert refusal_of(text, allow_private=True) in Refusal
