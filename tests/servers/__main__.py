"""``python -m tests.servers`` prints the kind of servers that the tests will use."""

import sys

from tests.servers.choice import chosen_kind

sys.stdout.write(chosen_kind() + "\n")
