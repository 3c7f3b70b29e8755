"""What a format is, and what goes in and out of reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, TypeAlias

from newslake.schemas.raw import RawItem, SourceSettings
from newslake.schemas.reject import Reason
from newslake.transforms.files.columns.mapper import FieldMapper

HEAD_BYTES = 256_000
"""The beginning of a file, which tells its format, its encoding and its columns."""


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, decompressed.

    ``raw`` are its bytes. ``text`` is the same in UTF-8 without a byte order mark. ``is_whole``
    tells that nothing follows. ``settings`` is what the user says of the file.
    """

    raw: bytes
    text: bytes
    is_whole: bool
    settings: SourceSettings

    @property
    def is_told(self) -> bool:
        """Tell whether the user named the format."""
        return self.settings.format is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format found in the head of a file, and needs to read the rest.

    ``details`` belong to the format. ``start`` is the offset at which records begin, in the text.
    ``has_columns`` tells that records have columns, so that the source is surveyed. ``notes`` are
    what the summary should say of the file.
    """

    details: Any = None
    start: int = 0
    has_columns: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file is refused as a whole. ``detail`` says what it looks like and what to do."""

    reason: Reason
    detail: str
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is no article by the rules of its format, such as a request in a WARC.

    The summary counts such records by their kind.
    """

    source_uri: str
    kind: str


@dataclass(frozen=True, slots=True)
class SavedFeed:
    """A feed in a container, decompressed. The stage of feeds parses it."""

    source_uri: str
    body: bytes
    settings: SourceSettings


@dataclass(frozen=True, slots=True)
class Noted:
    """What the summary should say of a member of an archive."""

    source_uri: str
    what: str


Item: TypeAlias = RawItem | Skipped | SavedFeed | Noted


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file to read: the records that begin from offset ``first`` on and before
    ``until``.

    ``blocks`` begin at ``first``. They are UTF-8 if the format says ``is_text``, else the
    decompressed bytes. For a format whose parts are no offsets, ``file`` is the file itself,
    seekable, as it is stored. ``begins_file`` tells that no part comes before.
    """

    source_uri: str
    settings: SourceSettings
    layout: Layout
    mapper: FieldMapper
    blocks: Iterator[bytes]
    first: int
    until: int
    max_record_bytes: int
    begins_file: bool = True
    file: BinaryIO | None = None


class Format(Protocol):
    """A format of files. Each is one object in a module of its own, named in ``FORMATS``."""

    name: str
    """What ``format = `` of the configuration says."""
    is_text: bool
    """Whether the format is read as UTF-8; else it gets the bytes and knows their encoding."""

    def recognise(self, head: Head) -> Layout | Refused | None:
        """Return the layout of a file of this format, or None if the file has another format.

        Return Refused for a file of this format that cannot be read.
        """

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        """Return the (start, end) of each part of a plain file whose records begin at ``start``.

        Parts hold about ``chunk_bytes``. There is one part if that is 0.
        """

    def count(self, sample: bytes, layout: Layout) -> int:
        """Return about how many records begin in a sample, cut from the text at any place."""

    def read(self, part: Part) -> Iterator[Item]:
        """Yield an item for each record that begins in a part."""
