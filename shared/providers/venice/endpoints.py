"""Where each kind of media is asked for.  Venice keeps one family of paths per kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.market.kinds import MUSIC

_CONTENT_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,50}/[a-z0-9.+-]{1,50}")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The paths of one kind below a base URL, and the content types that mean its media is there."""

    quote: str
    queue: str
    retrieve: str
    complete: str
    media: tuple[str, ...]

    def are_media(self, content_type: str) -> bool:
        """Whether an answer of that type is the finished media rather than news about it."""
        return content_type.startswith(self.media) and _CONTENT_TYPE.fullmatch(content_type) is not None


def _family(prefix: str, *media: str) -> Endpoints:
    return Endpoints(f"{prefix}/quote", f"{prefix}/queue", f"{prefix}/retrieve", f"{prefix}/complete", media)


# Storage in front of Venice may name no better type; what the bytes are is checked where they are kept.
_UNNAMED: Final = "application/octet-stream"

ENDPOINTS: Final[Mapping[str, Endpoints]] = {MUSIC.name: _family("/audio", "audio/", _UNNAMED)}
