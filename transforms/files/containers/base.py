"""What a container is: a file that holds files, its members."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from newslake.schemas.reject import Reason

FREE_BYTES = 100_000_000
"""Members of so many bytes in all are read from any archive."""
MOST_EXPANSION = 200
"""Beyond that, an archive that unpacks to so many times its size is a decompression bomb. News
shrinks to a fifth, the same page over and over to a twentieth."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container. ``blocks`` must be read before the next member is asked for."""

    name: str
    blocks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A member that is not read, and why."""

    name: str
    reason: Reason
    detail: str


class Container(Protocol):
    """A kind of container. Each is one object in a module of its own, named in ``CONTAINERS``."""

    name: str

    def looks_like(self, head: bytes) -> bool:
        """Tell whether a file is such a container, by its first bytes, decompressed."""

    def members(self, file: BinaryIO, size: int) -> Iterator[Member | RefusedMember]:
        """Yield the members of a container of ``size`` bytes, in its order.

        Folders and hidden files are left out. ``file`` is decompressed and only read forward,
        unless it can seek. Raises CorruptDataError and TruncatedDataError.
        """


def is_hidden(name: str) -> bool:
    """Tell whether a member is hidden, or is made by a system for itself.

    >>> is_hidden("news/.DS_Store"), is_hidden("__MACOSX/news/._a.csv"), is_hidden("./news/a.csv")
    (True, True, False)
    """
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def is_bomb(unpacked_bytes: int, packed_bytes: int) -> bool:
    """Tell whether ``packed_bytes`` unpack to far more than articles do."""
    return unpacked_bytes > max(FREE_BYTES, MOST_EXPANSION * packed_bytes)
