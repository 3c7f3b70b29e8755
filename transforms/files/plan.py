"""The plan of a run: its files and the chunks in which they are read.

URI, size and time of a file stay as they were when it was matched.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newslake.schemas.redact import source_name
from newslake.schemas.reject import Reject
from newslake.transforms.files.match import FileChunk, FileMatch, OpenBytes, plan_chunks
from newslake.transforms.files.patterns import FilePattern, is_local


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """A chunk to read. ``modified`` is the time of its file as matched, in seconds since 1970.

    ``is_feed`` tells that the chunk is a whole feed. ``is_last`` tells that no chunk of its file
    comes after it.
    """

    chunk: FileChunk
    modified: float
    is_feed: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class FilePlan:
    """The files that one pipeline reads. They are matched once, before it starts.

    A run passes one plan, or one for each slice. ``matches`` are files that nobody has looked into
    yet. ``chunks`` are the parts of files that were planned, in the order of the files. ``rejects``
    are patterns and files that cannot be read.
    """

    matches: tuple[tuple[FileMatch, FilePattern], ...] = ()
    chunks: tuple[PlannedChunk, ...] = ()
    rejects: tuple[Reject, ...] = ()

    def parts(
        self, open_bytes: OpenBytes, *, is_one_chunk: bool = False
    ) -> Iterator[tuple[PlannedChunk, ...] | Reject]:
        """Yield the rejects, the planned chunks, and what ``plan_files`` makes of the matches."""
        yield from self.rejects
        yield self.chunks
        yield from plan_files(self.matches, open_bytes, is_one_chunk=is_one_chunk)


def plan_files(
    matches: Iterable[tuple[FileMatch, FilePattern]], open_bytes: OpenBytes, *, is_one_chunk: bool = False
) -> Iterator[tuple[PlannedChunk, ...] | Reject]:
    """Yield the chunks of each file, or its Reject; see ``plan_chunks``."""
    for match, pattern in matches:
        source_uri = _source_uri(match, pattern)
        planned = plan_chunks(match, open_bytes, pattern.settings, is_one_chunk=is_one_chunk)
        if isinstance(planned, Reject):
            yield replace(planned, source_uri=source_uri)
            continue
        # A file with a given name (standard input) was spooled just now, so its time tells nothing.
        modified = 0.0 if pattern.name else match.modified
        yield tuple(
            PlannedChunk(
                replace(chunk, source_uri=source_uri),
                modified,
                pattern.is_feed or chunk.format == "feed",
                number == len(planned),
            )
            for number, chunk in enumerate(planned, 1)
        )


def _source_uri(match: FileMatch, pattern: FilePattern) -> str:
    """Return what records carry as the source: a local path as it is, a URI without secrets."""
    return pattern.name or (match.uri if is_local(match.uri) else source_name(match.uri))
