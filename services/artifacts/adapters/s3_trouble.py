"""Trouble with the object store is nobody's fault here: the work is done again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from shared.kernel.errors import Transient
from shared.storage.objects import BotoCoreError, ClientError


def told(answer: Mapping[str, Any], field: str) -> Any:
    """What a 200 says in ``field``; ``Transient`` where it lacks what every store says, and so is not from one."""
    if field not in answer:
        raise Transient(f"the object store answered without {field}")
    return answer[field]


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
