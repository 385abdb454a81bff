"""``up``: start what is missing, wait until all of it can be used, and write down where it is."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.local.accounts import open_accounts
from deploy.local.addresses import Addresses
from deploy.local.part import Part, await_ready, start
from deploy.local.stack import compose
from deploy.local.stack_file import write_stack_file
from deploy.local.state import StateFolder

Say = Callable[[str], None]


def up(folder: StateFolder, environment: Mapping[str, str], say: Say, given: Addresses | None = None) -> Path:
    """Bring the stack up and return the path of its ``stack.env``.  What runs already is left alone.

    ``given`` are the addresses of servers that run elsewhere, for a stack that brings none.

    Raises ``DidNotStart`` when a part fails; the others stay as they are, for ``up`` to complete or
    ``down`` to stop.
    """
    with folder.locked():
        stack = compose(folder, environment, given)
        _bring_up([*stack.servers, stack.simulator], say)
        _bring_up(stack.replicas, say)
        keys = open_accounts(folder, stack.api_url, stack.credentials.admin_token)
        return write_stack_file(folder, stack, keys)


def _bring_up(parts: Sequence[Part], say: Say) -> None:
    began = time.monotonic()
    started = {part.name for part in parts if start(part)}

    def tell(part: Part) -> None:
        seconds = time.monotonic() - began
        state = f"ready after {seconds:.1f} s" if part.name in started else "running already"
        say(f"{part.name:<12} on port {part.port:<5} {state}")

    if started:
        say(f"starting {', '.join(part.name for part in parts if part.name in started)} …")
    await_ready(parts, tell)
