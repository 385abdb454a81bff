"""Telling our own cancellation from one that only looks like it."""

import asyncio


def cancelled_from_outside() -> bool:
    """Whether somebody cancelled the running task.

    When not, the ``CancelledError`` at hand came out of what the task awaited: aio-pika raises it at
    whoever waits on a channel that closes.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
