"""What a matched file is, by its content, and the chunks in which it is read."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from schemas import codec
from schemas.raw import SourceSettings
from schemas.reject import Reason, Reject, Stage
from transforms.files import blocks, delimited, parquet
from transforms.files.blocks import CorruptDataError, TruncatedDataError
from transforms.files.fields import plan_fields
from transforms.files.text import date_prefix

OpenBytes = Callable[[str], BinaryIO]
"""Opens a URI: its bytes as they stand, seekable; raises OSError."""

CHUNK_BYTES = 8_000_000
HEAD_BYTES = 64_000

_ENDINGS = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "json",
    "csv": "csv",
    "tsv": "csv",
    "tab": "csv",
    "xml": "feed",
    "rss": "feed",
    "rdf": "feed",
    "atom": "feed",
    "html": "feed",
    "htm": "feed",
}
_COMPRESSION_ENDING = re.compile(r"\.(?:gz|bz2|zst|zstd)$")
_FOREIGN_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"\xfd7zXZ",
)
_FEED_START = re.compile(rb"\s*<(?:\?xml|!doctype\s+html|html\b|rss\b|feed\b|(?:\w+:)?rdf\b)", re.IGNORECASE)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https://jsonfeed\.org/')
_MIN_KNOWN_COLUMNS = 2
"""From so many columns with a known name on, a text is a table although its name does not say so."""
_NOTHING_SAID = SourceSettings()
_SPLITTABLE = frozenset({"jsonl", "documents", "csv"})


@dataclass(frozen=True, slots=True)
class FileMatch:
    """A file as matched: its size in bytes, and when it was modified, in seconds since 1970. Reading stops at that size."""

    uri: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class FileChunk:
    """A part of a file: the records that begin from byte ``start`` on and before ``end`` (of Parquet: row groups).

    ``format`` is jsonl, json, csv, parquet, text, documents or feed; ``source_uri`` is what records carry. ``encoding`` is empty for UTF-8;
    ``header`` and ``delimiter`` are those of a table.
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
    header: tuple[str, ...] = ()
    delimiter: str = ""


def plan_chunks(
    match: FileMatch, open_bytes: OpenBytes, settings: SourceSettings, *, chunk_bytes: int = CHUNK_BYTES
) -> tuple[FileChunk, ...] | Reject:
    """The chunks of a file, or why there is none. Lines, documents and tables that are not compressed are cut into about ``chunk_bytes``.

    Rejects, all of the whole source: MISSING, UNREADABLE, IS_DIRECTORY, EMPTY, BINARY, TRUNCATED, CORRUPT, MALFORMED_ROW (of a header).
    """
    try:
        with open_bytes(match.uri) as file:
            return _plan(match, file, settings, chunk_bytes)
    except FileNotFoundError:
        return _reject(match, Reason.MISSING, "there is no such file")
    except IsADirectoryError:
        return _reject(match, Reason.IS_DIRECTORY, "it is a directory; name the files in it")
    except TruncatedDataError as error:
        return _reject(match, Reason.TRUNCATED, str(error))
    except CorruptDataError as error:
        return _reject(match, Reason.CORRUPT, str(error))
    except OSError as error:
        return _reject(match, Reason.UNREADABLE, error.strerror or str(error))


def _plan(match: FileMatch, file: BinaryIO, settings: SourceSettings, chunk_bytes: int) -> tuple[FileChunk, ...] | Reject:
    def chunk(kind: str, start: int, end: int, header: tuple[str, ...] = (), delimiter: str = "") -> FileChunk:
        return FileChunk(match.uri, match.uri, kind, compression, start, end, match.size, settings, encoding, header, delimiter)

    raw_head = file.read(min(HEAD_BYTES, match.size))
    compression = blocks.compression_of(raw_head)
    encoding = settings.encoding or ""
    if raw_head.startswith(b"PAR1"):
        try:
            groups = parquet.count_row_groups(file)
        except ValueError as error:
            return _reject(match, Reason.CORRUPT, str(error))
        return tuple(chunk("parquet", group, group + 1) for group in range(groups)) or _reject(match, Reason.EMPTY, "it has no rows")
    head = raw_head
    if compression:
        file.seek(0)
        head = _first_bytes(file, compression, match.size)
    marked, mark = blocks.encoding_of(head)
    if marked:
        encoding = "" if marked == "utf-8" else marked
    if encoding:
        head = b"".join(blocks.to_utf8(iter([head[mark:]]), encoding))
    elif mark:
        head = head[mark:]
    if not head.strip() and len(raw_head) == match.size:
        return _reject(match, Reason.EMPTY, "there is nothing in it")
    if b"\0" in head or head.startswith(_FOREIGN_MAGIC):
        return _reject(match, Reason.BINARY, "it begins like an image, an archive or a program", raw_head[:1000])
    kind = format_of(head, match.uri, settings)
    is_split = kind in _SPLITTABLE and not compression and not encoding
    if kind == "csv":
        return _plan_table(match, file, head, mark if is_split else 0, chunk_bytes if is_split else 0, chunk)
    if not is_split:
        return (chunk(kind, 0, match.size),)
    cuts = [*range(0, match.size, chunk_bytes), match.size]
    return tuple(chunk(kind, low, high) for low, high in pairwise(cuts))


def _plan_table(
    match: FileMatch, file: BinaryIO, head: bytes, start: int, chunk_bytes: int, chunk: Callable[..., FileChunk]
) -> tuple[FileChunk, ...] | Reject:
    """Chunks of a table, whose first begins after the header; one chunk where ``chunk_bytes`` is 0."""
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    delimiter = delimited.delimiter_of(line)
    header = tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), []))
    if not any(header):
        return _reject(match, Reason.MALFORMED_ROW, "its first line names no columns", head[:1000])
    begin = start + head.find(b"\n") + 1 if b"\n" in head else match.size
    if not chunk_bytes:
        return (chunk("csv", begin, match.size, header, delimiter),)
    cuts = [*delimited.row_boundaries(file, begin, match.size, delimiter, chunk_bytes), match.size]
    return tuple(chunk("csv", low, high, header, delimiter) for low, high in pairwise(cuts))


def format_of(head: bytes, uri: str, settings: SourceSettings = _NOTHING_SAID) -> str:
    """The format of a text by its beginning, the ending of its name being a hint where the beginning leaves it open.

    A first line of two columns or more that have a name known to us or to ``settings.fields`` is a table's header.
    """
    name = _COMPRESSION_ENDING.sub("", uri.lower())
    hint = _ENDINGS.get(name.rpartition(".")[2], "")
    text = head.lstrip()
    if _FEED_START.match(text) or (hint == "feed" and not text.startswith((b"{", b"["))):
        return "feed"
    if text.startswith(b"["):
        return "jsonl" if hint == "jsonl" else "json"
    if text.startswith(b"{"):
        return _json_kind(text, hint)
    if hint in ("jsonl", "csv"):
        return hint
    if date_prefix(text[:40]) is not None:
        return "documents"
    line = text.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    columns = [name.strip('" ') for name in line.split(delimited.delimiter_of(line))]
    is_header = len(columns) > 1 and len(plan_fields(columns, settings.fields)) >= _MIN_KNOWN_COLUMNS and len(line) < HEAD_BYTES // 8
    return "csv" if is_header else "text"


def _json_kind(text: bytes, hint: str) -> str:
    if hint == "jsonl":
        return "jsonl"
    if _JSON_FEED.search(text):
        return "feed"
    line, _, rest = text.partition(b"\n")
    try:
        codec.decode_foreign(line)
    except codec.InvalidJsonError:
        is_long = not rest and len(text) >= HEAD_BYTES // 2  # no layout has such lines
        return "jsonl" if is_long or (rest.lstrip().startswith(b"{") and line.rstrip().endswith(b"}")) else "json"
    return "jsonl"


def _first_bytes(file: BinaryIO, compression: str, size: int) -> bytes:
    """The decompressed beginning; of a damaged archive what comes before the damage, where that is anything."""
    head = b""
    try:
        for block in blocks.read_blocks(file, compression, size):
            head += block
            if len(head) >= HEAD_BYTES:
                break
    except (TruncatedDataError, CorruptDataError):
        if not head:
            raise
    return head[:HEAD_BYTES]


def _reject(match: FileMatch, reason: Reason, detail: str, payload: bytes = b"") -> Reject:
    return Reject(Stage.MATCH_FILES, reason, match.uri, detail, payload, whole_source=True)
