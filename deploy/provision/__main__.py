"""``python -m deploy.provision``: wait for the servers that the settings name, and give them what they lack.

It may run at every start: what is there already is left as it is.  The database has to be a server of its own
rather than a set that others run, and the object store one with an endpoint.
"""

import os
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from deploy.provision.bucket import made_bucket
from deploy.provision.replica_set import made_primary

WITHIN_SECONDS = 120.0
EVERY_SECONDS = 1.0


def main() -> int:
    """Return 0 once all of it is there, 1 when a server could not be reached in time."""
    mongo = urlsplit(os.environ["MONGO_URL"]).netloc.rpartition("@")[2]
    endpoint, bucket = os.environ["S3_ENDPOINT_URL"], os.environ["S3_BUCKET"]
    access_key, secret_key = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    parts: dict[str, Callable[[], bool]] = {
        f"the primary of a replica set at {mongo}": lambda: made_primary(mongo),
        f"the bucket {bucket} at {endpoint}": lambda: made_bucket(endpoint, bucket, access_key, secret_key),
    }
    end = time.monotonic() + WITHIN_SECONDS
    for part, made in parts.items():
        while not made():
            if time.monotonic() >= end:
                print(f"{part} could not be had in {WITHIN_SECONDS:.0f} s", file=sys.stderr)
                return 1
            time.sleep(EVERY_SECONDS)
        print(f"{part} is there", flush=True)
    return 0


sys.exit(main())
