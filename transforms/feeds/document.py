"""What is asked for and what came back: a feed's address, and its bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from newslake.schemas.raw import SourceSettings

OpenBytes = Callable[[str], BinaryIO]
"""Opens a path or URI for reading, raw and not decompressed; raises OSError and its subclasses."""


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A feed to read: an http(s) URL, or the path or URI of a saved one.

    ``compression`` of a saved feed is "gzip", "bz2", "zstd", or "" for none. If it is None, the first
    bytes of the feed decide.
    """

    location: str
    settings: SourceSettings
    compression: str | None = None
    source_uri: str = ""
    """What records carry in place of the location, where that says nothing (standard input)."""

    @property
    def is_remote(self) -> bool:
        """Whether it is to be fetched; else it is opened as a file."""
        return self.location.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of a feed, decompressed and otherwise as they came.

    ``source_uri`` and ``url`` hold no secrets. ``url`` is where a fetched feed was found after redirects; None for a saved one.
    """

    source_uri: str
    url: str | None
    body: bytes
    status: int | None
    settings: SourceSettings
    charset: str | None = None
    """The charset parameter of the Content-Type header."""
    cut: str = ""
    """Why the body ends before its end, where that is known: the archive that held it was damaged. Empty for a whole body."""
