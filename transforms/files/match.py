"""What a matched file is, by its content, and the chunks in which it is read."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, BinaryIO

from newslake.schemas import codec
from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files import blocks, delimited, parquet
from newslake.transforms.files.fields import plan_fields
from newslake.transforms.files.text import BLANKS, date_prefix
from newslake.transforms.storage.compression import CorruptDataError, TruncatedDataError, compression_of, read_blocks

OpenBytes = Callable[[str], BinaryIO]
"""Opens a URI for reading its stored bytes, seekable. Raises OSError."""

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
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?://jsonfeed\.org/')
_FEED_ITEMS = re.compile(rb'"items"\s*:\s*(?:\[|null)')
_FEED_KEYS = re.compile(rb'"(?:home_page_url|feed_url|content_html|content_text)"\s*:')
"""Keys of a JSON Feed, for feeds that give no version or a number."""
_JSON_SCALAR = re.compile(rb'"|(?:null|true|false|-?\d[\d.eE+-]*)\s*$')
_LINE_END = re.compile(rb"[\r\n]")
_MIN_KNOWN_COLUMNS = 2
"""A text with this many columns of known names is a table, although its file name does not say
so."""
_NOTHING_SAID = SourceSettings()
_SPLITTABLE = frozenset({"jsonl", "documents", "csv"})


@dataclass(frozen=True, slots=True)
class FileMatch:
    """A file as matched: its size in bytes, and when it was modified, in seconds since 1970.

    Reading stops at that size.
    """

    uri: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class FileChunk:
    """A part of a file: the records that begin from byte ``start`` on and before ``end``.

    For Parquet ``start`` and ``end`` are row groups. ``format`` is jsonl, json, csv, parquet, text,
    documents or feed. ``source_uri`` is what records carry. ``encoding`` is empty for UTF-8.
    ``header``, ``delimiter`` and ``ends_with_cr`` (lines end with CR alone) are those of a table.
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
    ends_with_cr: bool = False
    is_whole: bool = False
    """Whether the file has no other chunk. Then a chunk without records means a file without
    records."""


def plan_chunks(
    match: FileMatch,
    open_bytes: OpenBytes,
    settings: SourceSettings,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    is_one_chunk: bool = False,
) -> tuple[FileChunk, ...] | Reject:
    """Return the chunks of a file, at least one, or a Reject.

    Lines, documents and tables are cut into chunks of about ``chunk_bytes`` if they are not
    compressed and in UTF-8. Parquet is cut into row groups. Other files are one chunk, and so is
    every file if ``is_one_chunk``.

    The Reject is of the whole source: MISSING, UNREADABLE, IS_DIRECTORY, EMPTY, BINARY, TRUNCATED,
    CORRUPT, and for the header of a table MALFORMED_ROW and TOO_LARGE.
    """
    try:
        with open_bytes(match.uri) as file:
            planned = _plan(match, file, settings, 0 if is_one_chunk else chunk_bytes)
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
    if isinstance(planned, Reject) or len(planned) > 1:
        return planned
    return (replace(planned[0], is_whole=True),)


def _plan(
    match: FileMatch, file: BinaryIO, settings: SourceSettings, chunk_bytes: int
) -> tuple[FileChunk, ...] | Reject:
    """Do the same as ``plan_chunks``, with one chunk if ``chunk_bytes`` is 0."""

    def chunk(kind: str, start: int, end: int, **table: Any) -> FileChunk:
        return FileChunk(match.uri, match.uri, kind, compression, start, end, match.size, settings, encoding, **table)

    raw_head = file.read(min(HEAD_BYTES, match.size))
    compression = compression_of(raw_head)
    encoding = settings.encoding or ""
    if raw_head.startswith(b"PAR1"):
        try:
            groups = parquet.row_groups(file)
        except ValueError as error:
            return _reject(match, Reason.CORRUPT, str(error))
        if not groups:
            return _reject(match, Reason.EMPTY, "it has no rows")
        if not chunk_bytes:
            return (chunk("parquet", groups[0], groups[-1] + 1),)
        return tuple(chunk("parquet", group, group + 1) for group in groups)
    head = raw_head
    if compression:
        file.seek(0)
        head = _first_bytes(file, compression, match.size)
    is_all = len(head) < HEAD_BYTES if compression else len(head) == match.size
    marked, mark = blocks.encoding_of(head)
    if marked:
        encoding = "" if marked == "utf-8" else marked
    if encoding:
        text = blocks.to_utf8(iter([head[mark:]]), encoding)
        head = b"".join(text) if is_all else next(text)  # the last character may be cut
    elif mark:
        head = head[mark:]
    if not head.strip() and len(raw_head) == match.size:
        return _reject(match, Reason.EMPTY, "there is nothing in it")
    has_nul = b"\0" in head and not _FEED_START.match(head)  # a NUL costs a feed one character
    if has_nul or head.startswith(_FOREIGN_MAGIC):
        return _reject(match, Reason.BINARY, "it begins like an image, an archive or a program", raw_head[:1000])
    kind = format_of(head, match.uri, settings)
    is_plain = not compression and not encoding
    # A file that begins with so much white space may hold no record at all. Only one chunk tells.
    if not is_plain or not head.strip():
        chunk_bytes = 0
    if kind == "csv":
        return _plan_table(match, file, head, mark if is_plain else 0, chunk_bytes, chunk, is_all=is_all)
    if kind not in _SPLITTABLE or not chunk_bytes:
        return (chunk(kind, 0, match.size),)
    cuts = [*range(0, match.size, chunk_bytes), match.size]
    return tuple(chunk(kind, low, high) for low, high in pairwise(cuts))


def _plan_table(
    match: FileMatch,
    file: BinaryIO,
    head: bytes,
    start: int,
    chunk_bytes: int,
    chunk: Callable[..., FileChunk],
    *,
    is_all: bool,
) -> tuple[FileChunk, ...] | Reject:
    """Return the chunks of a table; the first one begins after the header.

    There is one chunk if ``chunk_bytes`` is 0.
    """
    try:
        header = delimited.read_header(head, is_whole=is_all)
    except delimited.UnendedHeaderError:
        if is_all:
            return _reject(match, Reason.MALFORMED_ROW, "it has no header, or a header with an open quote", head[:1000])
        detail = f"its header does not end within {HEAD_BYTES} bytes; a quote may be left open"
        return _reject(match, Reason.TOO_LARGE, detail, head)
    except csv.Error as error:
        return _reject(match, Reason.MALFORMED_ROW, f"its header is not a row: {error}", head[:1000])
    if not any(header.names):
        return _reject(match, Reason.MALFORMED_ROW, "its first line names no columns", head[:1000])
    table = {"header": header.names, "delimiter": header.delimiter, "ends_with_cr": header.ends_with_cr}
    begin = start + header.end
    if not chunk_bytes or header.ends_with_cr or not head[header.end :].strip():
        return (chunk("csv", begin, match.size, **table),)
    cuts = [*delimited.row_boundaries(file, begin, match.size, header.delimiter, chunk_bytes), match.size]
    return tuple(chunk("csv", low, high, **table) for low, high in pairwise(cuts))


def format_of(head: bytes, uri: str, settings: SourceSettings = _NOTHING_SAID) -> str:
    """Return the format of a text from its beginning. The ending of its name is only a hint.

    The hint counts if the beginning is not clear. A first line with two or more columns whose names
    are known, here or in ``settings.fields``, is the header of a table.
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
    if hint == "json" and _JSON_SCALAR.match(text):
        return "json"
    after_blanks = BLANKS.match(head)
    if after_blanks and date_prefix(head[after_blanks.end() :][:40]) is not None:
        return "documents"
    if delimited.names_delimiter(text):
        return "csv"
    line = _LINE_END.split(text, maxsplit=1)[0].decode("utf-8", "replace").strip()
    columns = [name.strip('" ') for name in line.split(delimited.delimiter_of(line))]
    is_header = (
        len(columns) > 1
        and len(plan_fields(columns, settings.fields)) >= _MIN_KNOWN_COLUMNS
        and len(line) < HEAD_BYTES // 8
    )
    return "csv" if is_header else "text"


def _json_kind(text: bytes, hint: str) -> str:
    if hint == "jsonl":
        return "jsonl"
    if _JSON_FEED.search(text) or (_FEED_ITEMS.search(text) and _FEED_KEYS.search(text)):
        return "feed"
    line, _, rest = text.partition(b"\n")
    try:
        codec.decode_foreign(line)
    except codec.InvalidJsonError:
        is_long = not rest and len(text) >= HEAD_BYTES // 2  # laid out JSON has shorter lines
        return "jsonl" if is_long or (rest.lstrip().startswith(b"{") and line.rstrip().endswith(b"}")) else "json"
    return "jsonl"


def _first_bytes(file: BinaryIO, compression: str, size: int) -> bytes:
    """Return the decompressed beginning of a file.

    If the archive is damaged, return what comes before the damage. Raise the error if that is
    empty.
    """
    head = b""
    try:
        for block in read_blocks(file, compression, size):
            head += block
            if len(head) >= HEAD_BYTES:
                break
    except (TruncatedDataError, CorruptDataError):
        if not head:
            raise
    return head[:HEAD_BYTES]


def _reject(match: FileMatch, reason: Reason, detail: str, payload: bytes = b"") -> Reject:
    return Reject(Stage.MATCH_FILES, reason, match.uri, detail, payload, whole_source=True)
