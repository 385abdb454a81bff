"""Start a simulator and serve until SIGINT or SIGTERM."""

import asyncio
import os
import signal
import sys

from deploy.simulator.http.app import serving
from deploy.simulator.settings import Settings, read_settings


async def main(settings: Settings) -> None:
    """Print the address that answers, then wait to be told to stop."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with serving(settings) as address:
        print(f"simulator: {address}/api/v1", flush=True)
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(main(read_settings(sys.argv[1:], os.environ)))
