"""An S3 server on a folder: rclone, with real signatures, presigned URLs and multipart uploads."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.ports import LOOPBACK
from deploy.local.process import Process
from deploy.local.record import Record
from deploy.local.state import StateFolder
from deploy.provision.bucket import made_bucket


@dataclass(frozen=True)
class ObjectStore:
    """One bucket behind one key pair."""

    folder: StateFolder
    port: int
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    name: str = "s3"
    within: float = 20.0

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def configure(self) -> None:
        """Nothing but its folder, which is made when it is named."""

    def processes(self) -> list[Process]:
        rclone = str(Path(sys.prefix) / "bin" / "rclone")
        argv = [rclone, "serve", "s3", str(self.folder.folder("s3")), "--addr", f"{LOOPBACK}:{self.port}"]
        env = key_pair(self.access_key, self.secret_key)
        record = Record(name=self.name, stage=1, port=self.port, probe=None)
        return [Process(record, argv, folder=self.folder, env=env)]

    def ready(self) -> bool:
        """Whether the bucket is there; it is made when it is not."""
        return made_bucket(self.endpoint, self.bucket, self.access_key, self.secret_key)


def key_pair(access_key: str, secret_key: str) -> dict[str, str]:
    """Return the environment that gives rclone its key pair, which would be seen by all on the command line.

    The value is a CSV field, hence the quotes.  No configuration file of the user's is read.
    """
    return {"RCLONE_AUTH_KEY": f'"{access_key},{secret_key}"', "RCLONE_CONFIG": "/dev/null"}
