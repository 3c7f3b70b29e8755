"""The files of a run as the chunks in which they are read, with what was matched: uri, size and time stay as they were then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newslake.schemas.redact import redact
from newslake.schemas.reject import Reject
from newslake.transforms.files.match import FileChunk, FileMatch, OpenBytes, plan_chunks
from newslake.transforms.files.patterns import FilePattern, is_local


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """A chunk that is to be read. ``modified`` is the file's time as matched, in seconds since 1970.

    ``is_feed``: it is a feed as a whole. ``is_last``: no chunk of its file comes after it, so that the file is read once this one is.
    """

    chunk: FileChunk
    modified: float
    is_feed: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class FilePlan:
    """The files of a run, which were matched once: a run, a slice and a window all pass such a plan.

    ``matches`` are files that are still to be looked into, ``chunks`` those of files that were, in the order
    of the files and within them. ``rejects`` are patterns and files that cannot be read.
    """

    matches: tuple[tuple[FileMatch, FilePattern], ...] = ()
    chunks: tuple[PlannedChunk, ...] = ()
    rejects: tuple[Reject, ...] = ()

    def parts(
        self, open_bytes: OpenBytes, *, is_one_chunk: bool = False
    ) -> Iterator[tuple[PlannedChunk, ...] | Reject]:
        """Yield the chunks of the files, or the reject of a file that cannot be planned, as ``plan_files`` does."""
        yield from self.rejects
        yield self.chunks
        yield from plan_files(self.matches, open_bytes, is_one_chunk=is_one_chunk)


def plan_files(
    matches: Iterable[tuple[FileMatch, FilePattern]], open_bytes: OpenBytes, *, is_one_chunk: bool = False
) -> Iterator[tuple[PlannedChunk, ...] | Reject]:
    """The chunks of each file, or why it has none; see ``plan_chunks``."""
    for match, pattern in matches:
        source_uri = _source_uri(match, pattern)
        planned = plan_chunks(match, open_bytes, pattern.settings, is_one_chunk=is_one_chunk)
        if isinstance(planned, Reject):
            yield replace(planned, source_uri=source_uri)
            continue
        # One that is named by its content was spooled just now, and its time says nothing.
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
    """What records carry: a local path as it is, a URI without secrets."""
    return pattern.name or (match.uri if is_local(match.uri) else redact(match.uri))
