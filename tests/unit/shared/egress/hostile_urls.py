"""URLs that strangers try: spellings of addresses inside, names inside, and shapes that parsers disagree about.

Every one is to be refused as it is read, and must reach nothing when it is requested unread.
"""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address

INSIDE_V4 = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "172.31.255.254",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.251",
    "255.255.255.255",
]

INSIDE_V6 = [
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::ffff:0:7f00:1",
    "64:ff9b:1::a9fe:a9fe",
    "100::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fe80::1%25eth0",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
]


def _octets(text: str) -> list[int]:
    return [int(octet) for octet in text.split(".")]


def _hextets(text: str) -> str:
    packed = IPv4Address(text).packed
    return f"{packed[0]:x}{packed[1]:02x}:{packed[2]:x}{packed[3]:02x}"


def _in_digits_from(zero: str) -> Callable[[str], str]:
    return lambda text: "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in text)


def _circled(text: str) -> str:
    return "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(c)] if c.isdigit() else c for c in text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "one decimal": lambda text: str(int(IPv4Address(text))),
    "one hex": lambda text: hex(int(IPv4Address(text))),
    "one octal": lambda text: f"0{int(IPv4Address(text)):o}",
    "wrapped beyond 32 bits": lambda text: str(int(IPv4Address(text)) + 2**32),
    "dotted hex": lambda text: ".".join(hex(octet) for octet in _octets(text)),
    "dotted octal": lambda text: ".".join(f"0{octet:o}" for octet in _octets(text)),
    "leading zeros": lambda text: ".".join(f"{octet:04}" for octet in _octets(text)),
    "two parts": lambda text: f"{_octets(text)[0]}.{int(IPv4Address(text)) & 0xFFFFFF}",
    "three parts": lambda text: "{}.{}.{}".format(*_octets(text)[:2], int(IPv4Address(text)) & 0xFFFF),
    "overflowing octets": lambda text: ".".join(str(octet + 256) for octet in _octets(text)),
    "fullwidth digits": _in_digits_from("０"),
    "mathematical digits": _in_digits_from("𝟎"),
    "arabic digits": _in_digits_from("٠"),
    "circled digits": _circled,
    "ideographic dots": lambda text: text.replace(".", "。"),
    "halfwidth dots": lambda text: text.replace(".", "｡"),
    "trailing dot": lambda text: f"{text}.",
    "two trailing dots": lambda text: f"{text}..",
    "soft hyphen": lambda text: text.replace(".", "\u00ad.", 1),
    "zero width space": lambda text: text.replace(".", "\u200b.", 1),
    "percent-encoded": lambda text: "".join(f"%{ord(c):02x}" for c in text),
    "encoded NUL and a name": lambda text: f"{text}%00.example.com",
    "encoded slash and a name": lambda text: f"{text}%2f.example.com",
    "mapped": lambda text: f"[::ffff:{text}]",
    "mapped in hex": lambda text: f"[::ffff:{_hextets(text)}]",
    "mapped at length": lambda text: f"[0:0:0:0:0:ffff:{_hextets(text)}]",
    "compatible": lambda text: f"[::{text}]",
    "translated": lambda text: f"[::ffff:0:{_hextets(text)}]",
    "NAT64": lambda text: f"[64:ff9b::{_hextets(text)}]",
    "6to4": lambda text: f"[2002:{_hextets(text)}::1]",
    "in brackets": lambda text: f"[{text}]",
    "IPvFuture": lambda text: f"[v1.{text}]",
    "behind a user": lambda text: f"example.com@{text}",
    "behind a user and password": lambda text: f"example.com:443@{text}",
    "behind an encoded at": lambda text: f"example.com%40{text}",
    "before a backslash": lambda text: f"{text}\\@example.com",
    "behind a backslash": lambda text: f"example.com\\@{text}",
    "before a fragment": lambda text: f"{text}#@example.com",
    "before a tab": lambda text: f"{text}\t.example.com",
    "before a line end": lambda text: f"{text}\r\nHost: example.com",
    "behind a space": lambda text: f" {text}",
}

INSIDE_NAMES = [
    *("localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "local\u00adhost", "a.localhost"),
    *("localhost.localdomain", "localhost%00", "localhost%2e", "%6cocalhost", "ip6-localhost", "printer.local"),
    *("metadata.google.internal", "metadata.google.internal.", "metadata", "instance-data", "kubernetes"),
    *("kubernetes.default.svc", "api.default.svc.cluster.local", "mongo.service.consul", "mongo", "rabbitmq"),
    *("router.lan", "nas.home", "router.home.arpa", "1.0.0.127.in-addr.arpa", "wiki.corp", "wiki.intranet"),
    *("db.private", "host.docker", "x.invalid", "x.test", "x.onion", "x.alt", "LOCAL.", "a。local", "*.com"),
    *("-a.com", "a-.com", "a..com", ".com", "a.com..", "_a.com", "a_b.com", "℀.com", "a:b.com", "a;b.com"),
    *("a,b.com", "a|b.com", "a<b.com", "a'b.com", "$(id).com", "{{7*7}}.com", "a.com%0d%0a", "xn--a.com\u2028"),
    *(f"{'a' * 64}.com", f"{'a.' * 127}com", "1.2.3", "1.2.3.4.5", "0x", "0x.0x", "example.1", "example.0x7f"),
]

SHAPES = [
    *("", " ", "/", "//", "///", "https", "https:", "https:/", "https://", "https:///", "https:///path"),
    *("https:example.com", "https:/example.com", "https:\\\\example.com", "//example.com", "example.com"),
    *("https://?", "https://#", "https://:8443", "https://@", "https://@example.com", "https://:@example.com"),
    *("https://user@example.com", "https://user:pass@example.com", "https://a@b@example.com", "https://[]"),
    *("https://[", "https://]", "https://[::1", "https://::1]", "https://::1", "https://[::1]a", "https://a[::1]"),
    *("https://[[::1]]", "https://[example.com]", "https://[2606:4700::1111].com", "https://[2606:4700:::1]"),
    *("https://example.com#", "https://example.com/#x", "https://example.com/?a#b", "https://example.com\\"),
    *("https://example.com/a\\b", "https://example.com/ ", " https://example.com", "https://example.com\n"),
    *("\nhttps://example.com", "https://exam\nple.com", "https://example.com/\r\nX: y", "https://example.com/\0"),
    *("https://example.com/\x7f", "https://example.com/é", "https://example.com/%", "https://example.com/%g0"),
    *("https://example.com/%0d%0aX:%20y", "https://example.com/%00", "https://example.com/?a=%0A"),
    *("https://example.com/%7F", "https://example.com/<", 'https://example.com/"', "https://example.com/`"),
    *("https://example.com/{a}", "https://example.com/a|b", "https://example.com/^", "https://example.com/[a]"),
    *("https://example.com/\ud800", "https://exam\ud800ple.com", "ht\ntps://example.com", "https\0://example.com"),
    *("ｈttps://example.com", "https：//example.com", "https:／／example.com", "url:https://example.com"),
    "https://example.com/" + "a" * 2029,
    "https://" + "a" * 5000,
]

SCHEMES = """
    http ws wss ftp ftps file gopher dict ldap ldaps tftp smb sftp ssh telnet jar data javascript blob tcp
    unix http+unix https+unix httpss shttp view-source netdoc phar php expect amqp redis mongodb
"""

BAD_PORTS = """
    0 1 22 25 53 80 110 143 444 465 587 993 1023 1433 2375 2379 3306 5432 5672 6379 6443 9200 10250 11211
    15672 27017 65536 99999 100000 -1 +443 0443 4e2 0x1bb ４４３ 443a a %34 443:443
"""


def _addresses() -> Iterator[str]:
    for address in INSIDE_V4:
        yield from (f"https://{spell(address)}:8443/hook" for spell in SPELLINGS.values())
    yield from (f"https://[{address}]:8443/hook" for address in INSIDE_V6)


def hostile_urls() -> list[str]:
    """Every hostile URL, each once, in an order that does not change."""
    found = [
        *_addresses(),
        *(f"https://{name}:8443/hook" for name in INSIDE_NAMES),
        *(f"https://{name}/hook" for name in INSIDE_NAMES),
        *SHAPES,
        *(f"{scheme}://example.com/hook" for scheme in SCHEMES.split()),
        *(f"{scheme}:example.com" for scheme in SCHEMES.split()),
        *(f"https://example.com:{port}/hook" for port in BAD_PORTS.split()),
        "https://example.com:/hook",
    ]
    return list(dict.fromkeys(found))
