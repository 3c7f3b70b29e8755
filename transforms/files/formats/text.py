"""Plain text: one document a file, or many that each begin with ``date YYYY[-MM[-DD]] ``."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import BinaryIO

from newslake.schemas.raw import RawArticle, RawItem
from newslake.transforms.files.blocks import UNENDING, repaired
from newslake.transforms.files.formats.base import Head, Layout, Part, Refused
from newslake.transforms.files.lines import LongLine, line_spans, read_lines, too_large

_BLANK = (
    rb"(?:[\t-\r\x1c- ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8b\xa8\xa9\xaf]"
    rb"|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf)"
)
"""White space in UTF-8, as ``str.isspace`` tells it, and two characters that are invisible too:
U+200B and U+FEFF."""
BLANKS = re.compile(_BLANK + rb"*+")
FIRST_LINE = "first_line"
"""The value of ``headline`` for texts whose first line is their headline."""
_HEADLINE_CHARS = 200
_SENTENCE_ENDS = (".", ";", ",", ":", "…", "。", "।")
_PREFIX = re.compile(_BLANK + rb"*+date (\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[ \t\r]|$)")


class DocumentsFormat:
    """Documents that each begin with a date, after one another in one file."""

    name = "documents"
    is_text = True

    def recognise(self, head: Head) -> Layout | Refused | None:
        return Layout() if head.is_told or _begins_with_date(head.text) else None

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        return line_spans(file, start, size, chunk_bytes)

    def read(self, part: Part) -> Iterator[RawItem]:
        yield from read_documents(part, is_one=False)

    def count(self, sample: bytes, layout: Layout) -> int:
        return sum(date_prefix(line) is not None for line in sample.split(b"\n"))


class TextFormat:
    """One document a file."""

    name = "text"
    is_text = True

    def recognise(self, head: Head) -> Layout | Refused | None:
        return Layout()

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        return [(start, size)]

    def read(self, part: Part) -> Iterator[RawItem]:
        yield from read_documents(part, is_one=True)

    def count(self, sample: bytes, layout: Layout) -> int:
        return 1


DOCUMENTS = DocumentsFormat()
TEXT = TextFormat()


def date_prefix(line: bytes) -> tuple[str, int] | None:
    """Return the date that a document's first line begins with, and where the text begins.

    Return None if the line begins with no date, or with one that does not exist.

    >>> date_prefix(b" date 2023-03 Voor de"), date_prefix(b"date 2023-13 Voor")
    (('2023-03', 14), None)
    """
    match = _PREFIX.match(line)
    if match is None:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        dt.date(year, month, day)
    except ValueError:
        return None
    return line[match.start(1) : max(match.end(1), match.end(2), match.end(3))].decode(), match.end()


def read_documents(part: Part, *, is_one: bool) -> Iterator[RawItem]:
    """Yield an article for each document that begins in a part.

    A document begins with its date. ``is_one`` tells that the whole file is one document, even if
    other lines begin with a date. The text before the first date of a file is a document without a
    date. Blank documents are skipped.
    """
    lines: list[bytes] = []
    begun, length, most = part.first, 0, part.max_record_bytes
    is_open = is_one or part.begins_file
    for offset, line in read_lines(part.blocks, part.first, UNENDING, most):
        head = line.beginning if isinstance(line, LongLine) else line
        if not is_one and date_prefix(head) is not None:
            if is_open:
                yield from _document(lines, length, begun, part)
            if offset >= part.until:
                return
            lines, length, begun, is_open = [], 0, offset, True
        if is_open:
            length += (line.length if isinstance(line, LongLine) else len(line)) + 1
            if length <= most or not lines:
                lines.append(head)
        elif offset >= part.until:
            return
    if is_open:
        yield from _document(lines, length, begun, part)


def _document(lines: list[bytes], length: int, offset: int, part: Part) -> Iterator[RawItem]:
    data = b"\n".join(lines)
    if BLANKS.fullmatch(data):
        return
    if length > part.max_record_bytes:
        yield too_large(part.source_uri, offset, length, data[:64_000])
        return
    dated = date_prefix(data)
    text = (data[dated[1] :] if dated else data).replace(b"\0", b"")
    warnings: tuple[str, ...] = ()
    try:
        body = text.decode("utf-8")
    except UnicodeDecodeError:
        body, warnings = repaired(text), ("invalid_utf8",)
    headline, body = split_headline(body.strip("\r\n")) if part.settings.headline == FIRST_LINE else (None, body)
    yield RawArticle(
        part.source_uri,
        f"byte {offset}",
        headline=headline,
        body=body.strip("\r\n"),
        body_source="file",
        source=part.settings.source,
        dates=(("body_prefix", dated[0]),) if dated else (),
        warnings=warnings,
        payload=data,
    )


def split_headline(text: str) -> tuple[str | None, str]:
    """Return the headline of a document and the text below it; (None, text) if it has none.

    A headline is a first line that is short and stands alone: a blank line follows, and it does not
    end like a sentence in running text.

    >>> split_headline("Ferry delayed\\n\\nThe ferry came late.")
    ('Ferry delayed', 'The ferry came late.')
    >>> split_headline("The ferry came late.\\nIt was dark.")
    (None, 'The ferry came late.\\nIt was dark.')
    """
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    after, _, below = rest.partition("\n")
    stands_alone = not after.strip() and below.strip()
    if not stands_alone or not 0 < len(first) <= _HEADLINE_CHARS or first.endswith(_SENTENCE_ENDS):
        return None, text
    return first, below.strip("\r\n")


def _begins_with_date(text: bytes) -> bool:
    """Tell whether the first line that is not blank begins with a date."""
    blanks = BLANKS.match(text)
    return date_prefix(text[blanks.end() if blanks else 0 :][:100].partition(b"\n")[0]) is not None
