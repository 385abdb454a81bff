"""``.local/stack.env``: where everything is, as plain ``KEY=value`` lines, for any client of the stack."""

from collections.abc import Mapping
from pathlib import Path

from deploy.local.ports import LOOPBACK
from deploy.local.python_part import PythonPart
from deploy.local.stack import Stack
from deploy.local.state import StateFolder, write_private


def write_stack_file(folder: StateFolder, stack: Stack, keys: Mapping[str, str]) -> Path:
    """Write the file, with ``_2``, ``_3`` … after the names that belong to a further replica."""
    values = {
        "API_URL": stack.api_url,
        "ADMIN_TOKEN": stack.credentials.admin_token,
        "BUYER_KEY": keys["buyer"],
        "SELLER_KEY": keys["seller"],
        **stack.addresses.settings(),
        "SIMULATOR_URL": f"http://{LOOPBACK}:{stack.simulator.port}",
    }
    for kind, replicas in stack.services.items():
        for number, replica in enumerate(replicas, start=1):
            values |= _addresses(kind, number, replica)
    path = folder.folder() / "stack.env"
    write_private(path, "".join(f"{key}={value}\n" for key, value in values.items()))
    return path


def _addresses(kind: str, number: int, replica: PythonPart) -> dict[str, str]:
    suffix = "" if number == 1 else f"_{number}"
    [process] = replica.processes()
    found = {
        f"{kind.upper()}_ADMIN_URL{suffix}": replica.probe.removesuffix("/readyz"),
        f"{kind.upper()}_PID{suffix}": str(process.pid),
    }
    if kind == "api" and number > 1:
        found[f"API_URL{suffix}"] = f"http://{LOOPBACK}:{replica.port}"
    return found
