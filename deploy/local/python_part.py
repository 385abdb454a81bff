"""A part of ours: ``python -m <module>``, ready when its probe answers 200."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.http import answers
from deploy.local.process import Process
from deploy.local.record import Record
from deploy.local.state import StateFolder

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class PythonPart:
    """One process of one of our modules, run from the repository with the given settings."""

    folder: StateFolder
    name: str
    module: str
    port: int
    probe: str
    stage: int
    settings: Mapping[str, str] = field(repr=False)
    arguments: tuple[str, ...] = ()
    within: float = 45.0

    def configure(self) -> None:
        """All it reads is its environment."""

    def processes(self) -> list[Process]:
        record = Record(name=self.name, stage=self.stage, port=self.port, probe=self.probe)
        argv = [sys.executable, "-m", self.module, *self.arguments]
        return [Process(record, argv, folder=self.folder, env=self.settings, cwd=REPOSITORY)]

    def ready(self) -> bool:
        return answers(self.probe)
