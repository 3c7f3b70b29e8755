"""A chunk: the part of a file that is read at once, and what is known of the file."""

from dataclasses import dataclass, field

from newslake.schemas.raw import SourceSettings
from newslake.transforms.files.columns.names import Survey
from newslake.transforms.files.formats.base import Layout


@dataclass(frozen=True, slots=True)
class FileChunk:
    """A part of a file: the records that begin from ``start`` on and before ``end``.

    ``start`` and ``end`` are offsets in bytes; for Parquet they are row groups. ``format`` names a
    format or a container. ``source_uri`` is what records carry. ``compression`` names the
    compressions of the file, the outermost first, with commas between them. ``encoding`` is empty
    for UTF-8. ``is_guessed`` tells that the encoding is a guess.
    """

    uri: str
    source_uri: str
    format: str
    compression: str
    start: int
    end: int
    size: int
    settings: SourceSettings
    encoding: str = ""
    is_guessed: bool = False
    layout: Layout = field(default_factory=Layout)
    survey: Survey | None = None
    """What the first rows tell of all rows of the file; None without columns."""
    notes: tuple[tuple[str, int], ...] = ()
    """What the summary says of the file, as in SourceManifest."""
    is_archive: bool = False
    """Whether the file is a container: its members are the sources."""
    is_first: bool = True
    """Whether no chunk of the file comes before."""
    is_whole: bool = False
    """Whether the file has no other chunk. Then a chunk without records means a file without
    records."""
