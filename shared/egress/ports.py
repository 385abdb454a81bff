"""Which ports of a stranger's server may be dialled."""

from typing import Final

HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80
FIRST_UNPRIVILEGED_PORT: Final = 1024
MAX_PORT: Final = 65535

_REFUSED_BY_BROWSERS: Final = frozenset(  # those above 1023 of the Fetch standard's list of bad ports
    [1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080]
)
_DATABASES: Final = frozenset(
    [1433, 1521, 3306, 5432, 5984, 6379, 8086, 9042, 9200, 9300, 11211, 27017, 27018, 27019, 50000]
)
_BROKERS: Final = frozenset([1883, 2181, 4369, 5671, 5672, 9092, 15672, 25672])
_MACHINES_AND_CLUSTERS: Final = frozenset(
    [2375, 2376, 2379, 2380, 3128, 3389, 5900, 5985, 5986, 6443, 8500, 10250, 10255]
)
PORTS_OF_OTHERS: Final = _REFUSED_BY_BROWSERS | _DATABASES | _BROKERS | _MACHINES_AND_CLUSTERS
"""Where no webhook receiver or provider listens.

The addresses are the wall; this only keeps strangers from having us knock on the doors
of a third party's machines.
"""


def port_allowed(port: int, *, allow_private: bool) -> bool:
    """Whether ``port`` may be dialled: 443 or an unprivileged one not in ``PORTS_OF_OTHERS``; any in development."""
    if allow_private:
        return 1 <= port <= MAX_PORT
    if port == HTTPS_PORT:
        return True
    return FIRST_UNPRIVILEGED_PORT <= port <= MAX_PORT and port not in PORTS_OF_OTHERS
