"""The provider that the stack's sellers offer: a simulator that renders real audio."""

from deploy.local.ports import LOOPBACK
from deploy.local.python_part import PythonPart
from deploy.local.state import StateFolder

STAGE = 1


def simulator(folder: StateFolder, port: int) -> PythonPart:
    return PythonPart(
        folder=folder,
        name="simulator",
        module="deploy.simulator",
        arguments=("--host", LOOPBACK, "--port", str(port)),
        port=port,
        probe=f"http://{LOOPBACK}:{port}/healthz",
        settings={},
        stage=STAGE,
    )
