"""Trouble with the object store is nobody's fault here: the work is done again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.kernel.errors import Transient
from shared.storage.objects import BotoCoreError, ClientError


@contextmanager
def s3_trouble(doing: str) -> Iterator[None]:
    """Turn whatever S3 raises while ``doing`` that into a ``Transient``."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise Transient(f"the object store refused {doing}: {code}") from error
    except (BotoCoreError, TimeoutError) as error:
        raise Transient(f"the object store failed {doing}: {type(error).__name__}") from error
