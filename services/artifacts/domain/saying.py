"""When what became of an output is said again, although nobody asked."""

from datetime import timedelta
from typing import Final

AGAIN_AFTER: Final = timedelta(seconds=30)
"""Younger news are still on their way through the broker."""
AT_LEAST_EVERY: Final = timedelta(minutes=5)
"""Each silence is as long as everything before it, and never longer than this."""
LOOKED_AFTER: Final = timedelta(minutes=20)
"""A claim this old belongs to a job that must have ended, whether or not that was heard."""
