"""``python -m deploy.demo``, against the stack that ``make up`` started."""

import asyncio
import sys
from pathlib import Path

from deploy.demo.market import Refused
from deploy.demo.recording import NotTheAudio
from deploy.demo.story import tell

LOCAL = Path(__file__).parents[2] / ".local"


def main() -> int:
    """Tell the story; 1 when any part of it did not come true."""
    stack_file = LOCAL / "stack.env"
    if not stack_file.exists():
        print("no stack is running here; make demo starts one", file=sys.stderr)
        return 1
    lines = stack_file.read_text(encoding="utf-8").splitlines()
    stack = dict(line.split("=", 1) for line in lines if "=" in line)
    try:
        asyncio.run(tell(stack, LOCAL / "demo"))
    except (Refused, NotTheAudio, TimeoutError) as problem:
        print(f"the demo stopped: {problem or 'it took too long'}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
