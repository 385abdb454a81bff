"""The table of addresses that may be dialled."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.egress.addresses import is_public, is_public_or_private, may_dial, unwrapped

# The first and last address of every block that is denied, with its neighbours outside that are not.
DENIED_BLOCKS_V4 = [
    ("0.0.0.0", "0.255.255.255", None, "1.0.0.0"),
    ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
    ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
    ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
    ("168.63.129.16", "168.63.129.16", "168.63.129.15", "168.63.129.17"),
    ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
    ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
    ("192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"),
    ("192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"),
    ("192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"),
    ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
    ("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
    ("198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"),
    ("203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"),
    ("224.0.0.0", "255.255.255.255", "223.255.255.255", None),
]

ALLOWED_AND_DENIED_V6 = [
    ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", False),
    ("2000::", True),
    ("2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", True),
    ("2001::", False),
    ("2001:0:7f00:1::", False),
    ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", False),
    ("2001:200::", True),
    ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", True),
    ("2001:db8::", False),
    ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", False),
    ("2001:db9::", True),
    ("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", True),
    ("2002::", False),
    ("2002:7f00:1::", False),
    ("2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", False),
    ("2003::", True),
    ("2606:4700::1111", True),
    ("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", True),
    ("3fff::", False),
    ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", False),
    ("3fff:1000::", True),
    ("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", True),
    ("4000::", False),
]

# What ipaddress.is_global of Python 3.11 calls global.
WRONGLY_GLOBAL = (
    "192.88.99.1 224.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a9fe:a9fe 2002:7f00:1:: fec0::1 ::127.0.0.1"
    " ::ffff:0:127.0.0.1 5f00::1 3fff::1 ff02::1"
)

NEVER = (
    "0.0.0.0 :: ::ffff:0.0.0.0 169.254.169.254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 100.100.100.200 fd00:ec2::254"
    " fd20:ce::254 168.63.129.16 192.0.0.192 fe80::1 fe80::1%eth0 ::1%lo fd00::1%eth0 2606:4700::1111%eth0 224.0.0.1"
    " ff02::1 240.0.0.1 255.255.255.255 192.0.2.1 2001:db8::1 localhost example.com 127.1 0x7f000001"
)


@pytest.mark.parametrize(("first", "last", "before", "after"), DENIED_BLOCKS_V4)
def test_a_denied_block_ends_where_it_should(first, last, before, after):
    assert not is_public(ip_address(first))
    assert not is_public(ip_address(last))
    assert before is None or is_public(ip_address(before))
    assert after is None or is_public(ip_address(after))


@pytest.mark.parametrize(("text", "public"), ALLOWED_AND_DENIED_V6)
def test_ipv6_is_public_only_in_the_allocated_space(text, public):
    assert is_public(ip_address(text)) is public


@pytest.mark.parametrize("text", WRONGLY_GLOBAL.split())
def test_what_the_standard_library_calls_global_by_mistake_is_denied(text):
    assert not is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_address_inside(inside):
    mapped = ip_address(f"::ffff:{inside}")
    assert is_public(mapped) is is_public(inside)
    assert is_public_or_private(mapped) is is_public_or_private(inside)


@given(st.ip_addresses())
def test_nothing_is_public_that_the_standard_library_calls_otherwise(address):
    if is_public(address):
        inside = unwrapped(address)
        assert not (inside.is_private or inside.is_loopback or inside.is_link_local)
        assert not (inside.is_multicast or inside.is_unspecified or inside.is_reserved)


@given(st.ip_addresses())
def test_what_is_public_may_be_dialled_in_development_too(address):
    assert is_public_or_private(address) or not is_public(address)


@pytest.mark.parametrize("text", NEVER.split())
def test_some_addresses_may_not_be_dialled_even_in_development(text):
    assert not may_dial(text, allow_private=True)
    assert not may_dial(text, allow_private=False)


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "::1", "fd00::1", "::ffff:127.0.0.1"]
)
def test_loopback_and_private_addresses_may_be_dialled_in_development_only(text):
    assert may_dial(text, allow_private=True)
    assert not may_dial(text, allow_private=False)
