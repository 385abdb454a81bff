"""The catalogue's file: read whole, and replaced whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from shared.market.catalogue import Catalogue, catalogue_text, read_catalogue
from shared.market.models import Model

SHIPPED = Path(__file__).parents[2] / "shared" / "market" / "music.json"


def read(path: Path) -> Catalogue:
    """The models of a file.  Raises ``OSError``, ``UnicodeDecodeError`` or ``CatalogueError``."""
    return read_catalogue(path.read_text(encoding="utf-8"))


def replace(path: Path, models: Sequence[Model]) -> None:
    """Write the file anew, with the rights it had; a crash leaves the old or the new one.

    Raises ``CatalogueError`` rather than write what no service would read.
    """
    text = catalogue_text(models)
    read_catalogue(text)
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
