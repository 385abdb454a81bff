"""Which addresses may be dialled for a stranger: an explicit table.

``ipaddress.is_global`` is not it.  Up to Python 3.11 it calls multicast, 6to4, NAT64
and IPv4-compatible addresses global, and several of those lead back inside.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_NEVER_PUBLIC_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT, and Alibaba's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host agent, which answers inside every virtual machine
        "169.254.0.0/16",  # link-local, and most clouds' metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved and broadcast
    )
)

_PUBLIC_V6 = IPv6Network("2000::/3")
_NEVER_PUBLIC_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, with Teredo, which wraps an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps an IPv4 address
        "3fff::/20",  # documentation
    )
)

# What development may reach besides.  Carrier NAT and link-local stay out, for the metadata services there.
_DEVELOPMENT_V4 = tuple(
    IPv4Network(block) for block in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
_DEVELOPMENT_V6 = tuple(IPv6Network(block) for block in ("::1/128", "fc00::/7"))
_METADATA_V6 = (IPv6Address("fd00:ec2::254"), IPv6Address("fd20:ce::254"))


def is_public(address: Address) -> bool:
    """Whether ``address`` is an ordinary unicast address of the public internet."""
    address = unwrapped(address)
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _NEVER_PUBLIC_V4)
    if address.scope_id is not None or address not in _PUBLIC_V6:
        return False
    return not any(address in block for block in _NEVER_PUBLIC_V6)


def is_public_or_private(address: Address) -> bool:
    """Whether development may dial ``address``: public, loopback or a private range, never a metadata service."""
    address = unwrapped(address)
    if isinstance(address, IPv4Address):
        return is_public(address) or any(address in block for block in _DEVELOPMENT_V4)
    if address.scope_id is not None or address in _METADATA_V6:
        return False
    return is_public(address) or any(address in block for block in _DEVELOPMENT_V6)


def may_dial(text: str, *, allow_private: bool) -> bool:
    """Whether the numeric address ``text`` may be dialled.  What is not a numeric address may not."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return is_public_or_private(address) if allow_private else is_public(address)


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address inside ``::ffff:0:0/96``, which a dual-stack socket would dial; else ``address``."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
