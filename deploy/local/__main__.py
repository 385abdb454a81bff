"""``python -m deploy.local up|down|status|logs``."""

import argparse
import os
import sys

from deploy.local.down import down
from deploy.local.http import Refused
from deploy.local.part import DidNotStart
from deploy.local.ports import NoFreePort
from deploy.local.python_part import REPOSITORY
from deploy.local.services import UnknownReplicas
from deploy.local.state import StateFolder
from deploy.local.status import status
from deploy.local.up import up


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="The stack without Docker.")
    parser.add_argument("command", choices=["up", "down", "status", "logs"])
    command = parser.parse_args().command
    folder = StateFolder(REPOSITORY / ".local")
    try:
        return COMMANDS[command](folder)
    except (DidNotStart, NoFreePort, UnknownReplicas, Refused) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _up(folder: StateFolder) -> int:
    path = up(folder, os.environ, _say)
    _say(f"the stack is up; where everything is: {path.relative_to(REPOSITORY)}")
    return 0


def _down(folder: StateFolder) -> int:
    down(folder, _say)
    return 0


def _status(folder: StateFolder) -> int:
    lines, ready = status(folder)
    print("\n".join(lines))
    return 0 if ready else 1


def _logs(folder: StateFolder) -> int:
    logs = sorted(str(path) for path in folder.logs.glob("*.log"))
    if not logs:
        print("there are no logs yet: start the stack with make up")
        return 1
    os.execvp("tail", ["tail", "-n", "20", "-F", *logs])  # noqa: S606


def _say(line: str) -> None:
    print(line, flush=True)


COMMANDS = {"up": _up, "down": _down, "status": _status, "logs": _logs}

sys.exit(main())
