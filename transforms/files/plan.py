"""The plan of a run: its files and the chunks in which they are read.

URI, size and time of a file stay as they were when it was matched.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.redact import source_name
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.columns.mapper import FieldMapper
from newslake.transforms.files.columns.names import Survey
from newslake.transforms.files.columns.survey import notices, refusal, survey_rows
from newslake.transforms.files.containers import CONTAINERS
from newslake.transforms.files.detect import Found, detect
from newslake.transforms.files.find import FileMatch, FilePattern, OpenBytes, is_local
from newslake.transforms.files.formats import FORMATS
from newslake.transforms.files.formats.base import Part, Refused
from newslake.transforms.storage.compression import CorruptDataError, TruncatedDataError

CHUNK_BYTES = 8_000_000
_SURVEYED_ROWS = 200
_PAYLOAD_BYTES = 1_000


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
        named, settings = source_uri(match, pattern), settings_of(pattern)
        planned = plan_chunks(match, open_bytes, settings, source_uri=named, is_one_chunk=is_one_chunk)
        if isinstance(planned, Reject):
            yield planned
            continue
        # A file with a given name (standard input) was spooled just now, so its time tells nothing.
        modified = 0.0 if pattern.name else match.modified
        yield tuple(
            PlannedChunk(chunk, modified, chunk.format == "feed", number == len(planned))
            for number, chunk in enumerate(planned, 1)
        )


def plan_chunks(
    match: FileMatch,
    open_bytes: OpenBytes,
    settings: SourceSettings,
    *,
    source_uri: str = "",
    chunk_bytes: int = CHUNK_BYTES,
    is_one_chunk: bool = False,
) -> tuple[FileChunk, ...] | Reject:
    """Return the chunks of a file, at least one, or a Reject.

    Files that are not compressed and in UTF-8 are cut into chunks of about ``chunk_bytes`` where
    their format can be cut. Other files are one chunk, and so is every file if ``is_one_chunk``.
    ``source_uri`` is what records carry; by default the URI of the file.

    The Reject is of the whole source. Its reason is MISSING, UNREADABLE, IS_DIRECTORY, EMPTY,
    TRUNCATED, CORRUPT, or one that the detection or the format of the file gives.
    """

    def reject(reason: Reason, detail: str, payload: bytes = b"") -> Reject:
        return Reject(Stage.MATCH_FILES, reason, source_uri or match.uri, detail, payload, whole_source=True)

    try:
        with open_bytes(match.uri) as file:
            found = detect(file, match.size, settings)
            if isinstance(found, Refused):
                return reject(found.reason, found.detail, found.payload)
            spans = _spans(found, file, match.size, 0 if is_one_chunk else chunk_bytes)
            if isinstance(spans, Refused):
                return reject(spans.reason, spans.detail, spans.payload)
            surveyed = survey(found, file, spans[-1][1]) if found.layout.has_columns else None
            if surveyed is not None and (detail := refusal(surveyed)):
                return reject(Reason.NO_COLUMNS, detail, found.head.raw[:_PAYLOAD_BYTES])
    except FileNotFoundError:
        return reject(Reason.MISSING, "there is no such file")
    except IsADirectoryError:
        return reject(Reason.IS_DIRECTORY, "it is a directory; name the files in it")
    except TruncatedDataError as error:
        return reject(Reason.TRUNCATED, str(error))
    except CorruptDataError as error:
        return reject(Reason.CORRUPT, str(error))
    except OSError as error:
        return reject(Reason.UNREADABLE, error.strerror or str(error))
    return tuple(
        FileChunk(
            match.uri,
            source_uri or match.uri,
            found.format,
            found.compression,
            start,
            end,
            match.size,
            settings,
            found.encoding,
            found.is_guessed,
            found.layout,
            survey=surveyed,
            notes=tuple((note, 0) for note in _notes(found, surveyed)),
            is_archive=found.format in CONTAINERS,
            is_first=number == 0,
            is_whole=len(spans) == 1,
        )
        for number, (start, end) in enumerate(spans)
    )


def survey(found: Found, file: BinaryIO, until: int) -> Survey:
    """Return what the first rows of a file tell of all of its rows, which end at ``until``."""
    one, head = FORMATS[found.format], found.head
    collector = _RowCollector(head.settings)
    part = Part(
        "",
        head.settings,
        found.layout,
        collector,
        iter([head.text[found.layout.start :]]),
        found.layout.start,
        until,
        max_record_bytes=len(head.text) + 1,
        file=file,
    )
    for _ in islice(one.read(part), _SURVEYED_ROWS):
        pass  # the collector keeps the rows
    return survey_rows(collector.rows, head.settings)


class _RowCollector(FieldMapper):
    """Keeps the rows that a format reads, and makes no articles of them."""

    def __init__(self, settings: SourceSettings) -> None:
        super().__init__(settings)
        self.rows: list[dict[str, Any]] = []

    def article(
        self, row: dict[str, Any], source_uri: str, position: str, payload: bytes, warnings: tuple[str, ...] = ()
    ) -> RawArticle:
        self.rows.append(row)
        return RawArticle(source_uri, position)


def _notes(found: Found, surveyed: Survey | None) -> tuple[str, ...]:
    """Return what the summary should say of a file."""
    notes = (*found.layout.notes, *(notices(surveyed) if surveyed else ()))
    if not found.is_guessed:
        return notes
    guess = f"read as {found.encoding}, which is a guess; if letters are wrong, set encoding in its [[files]]"
    return (guess, *notes)


def _spans(found: Found, file: BinaryIO, size: int, chunk_bytes: int) -> list[tuple[int, int]] | Refused:
    """Return the (start, end) of each chunk.

    ``start`` of the first one is where records begin, in the text.
    """
    one = FORMATS.get(found.format)
    start = found.layout.start
    if one is None or found.compression or found.encoding:
        return [(start, size)]
    if one.is_text:
        start += found.mark_bytes
    try:
        spans = one.spans(file, found.layout, start, size, chunk_bytes)
    except ValueError as error:
        return Refused(Reason.CORRUPT, str(error))
    return spans or Refused(Reason.EMPTY, "it has no rows")


def settings_of(pattern: FilePattern) -> SourceSettings:
    """Return the settings with which the files of a pattern are read."""
    return replace(pattern.settings, format="feed") if pattern.is_feed else pattern.settings


def source_uri(match: FileMatch, pattern: FilePattern) -> str:
    """Return what records carry as the source: a local path as it is, a URI without secrets."""
    return pattern.name or (match.uri if is_local(match.uri) else source_name(match.uri))
