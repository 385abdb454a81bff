"""``python -m deploy.catalogue refresh --base-url https://api.venice.ai/api/v1 [--file F] [--remove ID] [--apply]``.

The key is read from ``VENICE_API_KEY``; where the file is, from ``CATALOGUE_FILE`` unless ``--file`` says so,
and else it is the one that comes with the market.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.catalogue.file import SHIPPED
from deploy.catalogue.refresh import NotGone, Wanted, refresh
from shared.kernel.secret import Secret
from shared.market.catalogue import CatalogueError
from shared.providers.venice.listing import NotListed


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Return 0 when the difference was shown, and written where that was asked for; 1 with one line when not."""
    wanted = _wanted(arguments, environment)
    if not wanted.api_key.reveal():
        return _failed("VENICE_API_KEY is not set; it is the key that the provider's list is asked for with")
    try:
        asyncio.run(refresh(wanted, print))
    except NotListed as problem:
        return _failed(f"{wanted.base_url} gave no list: {problem}")
    except (NotGone, CatalogueError) as problem:
        return _failed(str(problem))
    except (OSError, UnicodeDecodeError) as problem:
        return _failed(f"{wanted.file} cannot be read or written: {problem}")
    return 0


def _wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> Wanted:
    parser = argparse.ArgumentParser(prog="python -m deploy.catalogue", description="The catalogue of models.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("refresh", help="set the catalogue against a provider's own list")
    command.add_argument("--base-url", required=True, help="what precedes /models")
    command.add_argument("--file", type=Path, default=Path(environment.get("CATALOGUE_FILE") or SHIPPED))
    command.add_argument("--remove", action="append", default=[], metavar="ID", help="take out a model that is gone")
    command.add_argument("--apply", action="store_true", help="write the file; without it, only show")
    given = parser.parse_args(arguments)
    return Wanted(
        base_url=given.base_url,
        api_key=Secret(environment.get("VENICE_API_KEY", "")),
        file=given.file,
        remove=frozenset(given.remove),
        apply=given.apply,
        allow_private=environment.get("ALLOW_PRIVATE_NETWORKS") == "1",
    )


def _failed(problem: str) -> int:
    print(problem, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
