"""The servers of one run, and for each part the services that it asks for, on a database of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench.broker import remove_queues
from bench.progress import Say
from deploy.local.addresses import Addresses
from deploy.local.part import Part, await_ready, start, stop
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.python_part import PythonPart
from deploy.local.stack import Stack, compose
from deploy.local.state import StateFolder
from shared.kernel.secret import Secret
from shared.storage.objects import Store

SIMULATED: Final = {"SIMULATOR_FORMAT": "flac", "SIMULATOR_RENDER_SECONDS": "0"}
"""So that rendering, which is no cost of ours, takes as little of the machine as it can."""
HEEDED: Final = ("MONGO_DRIVER", "LOG_LEVEL")
"""What the caller's environment may change, to compare one with the other."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One part's surroundings: where everything is, and the processes by name."""

    addresses: Addresses
    api_url: str
    admin_token: str
    vault_keys: str
    simulator_url: str
    provider_url: str
    pids: Mapping[str, int]
    admin_urls: Mapping[str, str]

    @property
    def store(self) -> Store:
        """Where the objects are."""
        at = self.addresses
        secret = Secret(at.aws_secret_access_key)
        return Store(at.s3_endpoint_url, at.s3_bucket, at.s3_region, at.aws_access_key_id, secret)


class Stage:
    """Servers that are started once and die with this process; their data is gone at the end."""

    def __init__(self, folder: StateFolder, servers: Sequence[Part], addresses: Addresses) -> None:
        self._folder = folder
        self._servers = servers
        self._addresses = addresses

    @contextmanager
    def scene(
        self, name: str, parts: Sequence[str], settings: Mapping[str, str] | None = None, *, body_bytes: int = 0
    ) -> Iterator[Scene]:
        """Start ``parts`` (services, ``simulator``, ``provider``) and stop them at the end.

        ``provider`` is the plain one of this package, whose finished audio has ``body_bytes``; without
        any, nothing is ever finished.  Must be called in the main thread, with which the processes die.
        """
        addresses = replace(self._addresses, mongo_database=f"bench_{name}")
        told = {name: os.environ[name] for name in HEEDED if name in os.environ}
        stack = compose(self._folder, {**told, **(settings or {})}, given=addresses)
        playing = [part for known in self._known(stack, body_bytes) for part in known if part.name in parts]
        try:
            for part in playing:
                start(part)
            await_ready(playing)
            yield self._described(stack, addresses, playing)
        finally:
            for part in reversed(playing):
                stop(part)
            asyncio.run(remove_queues(addresses.amqp_url))

    def _known(self, stack: Stack, body_bytes: int) -> Iterator[Sequence[PythonPart]]:
        provider = PythonPart(
            folder=self._folder,
            name="provider",
            module="bench.provider",
            port=(port := Ports(self._folder, {}).of("provider")),
            probe=f"http://{LOOPBACK}:{port}/healthz",
            stage=1,
            settings={},
            arguments=(str(port), str(body_bytes)),
        )
        yield [replace(stack.simulator, settings=SIMULATED), provider]
        yield stack.replicas

    def _described(self, stack: Stack, addresses: Addresses, playing: Sequence[PythonPart]) -> Scene:
        processes = [process for part in [*self._servers, *playing] for process in part.processes()]
        ports = {part.name: part.port for part in playing}
        return Scene(
            addresses=addresses,
            api_url=stack.api_url,
            admin_token=stack.credentials.admin_token,
            vault_keys=stack.credentials.vault_keys,
            simulator_url=f"http://{LOOPBACK}:{ports.get('simulator', 0)}",
            provider_url=f"http://{LOOPBACK}:{ports.get('provider', 0)}",
            pids={process.name: process.pid for process in processes},
            admin_urls={part.name: part.probe.removesuffix("/readyz") for part in playing},
        )


@contextmanager
def open_stage(say: Say) -> Iterator[Stage]:
    """Start the three servers in a folder that is removed at the end."""
    root = Path(tempfile.mkdtemp(prefix="busker-bench-"))
    try:
        folder = StateFolder(root, lasting=False)
        stack = compose(folder, {})
        say(f"starting {', '.join(part.name for part in stack.servers)} in {root}")
        try:
            for part in stack.servers:
                start(part)
            await_ready(stack.servers)
            yield Stage(folder, stack.servers, stack.addresses)
        finally:
            for part in reversed(stack.servers):
                stop(part)
    finally:
        shutil.rmtree(root, ignore_errors=True)
