"""The three ways work can fail.  Whatever is none of them is a bug, and looks like one."""

from datetime import timedelta


class DomainError(Exception):
    """A rule said no to its caller; asking again cannot help."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Transient(Exception):
    """The world was not ready; the same work may succeed, after ``after`` when that is known."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class Unusable(Exception):
    """What arrived is not a message of ours, and no repetition will make it one."""
