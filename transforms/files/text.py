"""Plain text: one document a file, or many that each begin with ``date YYYY[-MM[-DD]] ``."""

import datetime as dt
import re
from collections.abc import Iterator

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.transforms.files.jsonl import too_large
from newslake.transforms.files.lines import LongLine, read_lines

_BLANK = (
    rb"(?:[\t-\r\x1c- ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8b\xa8\xa9\xaf]"
    rb"|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf)"
)
"""White space in UTF-8, as ``str.isspace`` tells it, and two characters that are invisible too:
U+200B and U+FEFF."""
BLANKS = re.compile(_BLANK + rb"*+")
_PREFIX = re.compile(_BLANK + rb"*+date (\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[ \t\r]|$)")


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


def read_documents(
    blocks: Iterator[bytes],
    source_uri: str,
    settings: SourceSettings,
    *,
    first: int,
    until: int,
    max_record_bytes: int,
    is_one: bool = False,
    begins_file: bool = False,
) -> Iterator[RawItem]:
    """Yield an article for each document that begins from offset ``first`` on and before ``until``.

    A document begins with its date. ``is_one`` tells that the whole file is one document, even if
    other lines begin with a date. ``begins_file`` tells that no chunk comes before. Then the text
    before the first date is a document without a date. Blank documents are skipped.
    """
    lines: list[bytes] = []
    begun, length = first, 0
    is_open = is_one or begins_file
    for offset, line in read_lines(blocks, first, 1 << 62, max_record_bytes):
        head = line.beginning if isinstance(line, LongLine) else line
        if not is_one and date_prefix(head) is not None:
            if is_open:
                yield from _document(lines, length, source_uri, settings, begun, max_record_bytes)
            if offset >= until:
                return
            lines, length, begun, is_open = [], 0, offset, True
        if is_open:
            length += (line.length if isinstance(line, LongLine) else len(line)) + 1
            if length <= max_record_bytes or not lines:
                lines.append(head)
        elif offset >= until:
            return
    if is_open:
        yield from _document(lines, length, source_uri, settings, begun, max_record_bytes)


def _document(
    lines: list[bytes], length: int, source_uri: str, settings: SourceSettings, offset: int, max_record_bytes: int
) -> Iterator[RawItem]:
    data = b"\n".join(lines)
    if BLANKS.fullmatch(data):
        return
    if length > max_record_bytes:
        yield too_large(source_uri, offset, length, data[:64_000])
        return
    dated = date_prefix(data)
    text = data[dated[1] :] if dated else data
    warnings: tuple[str, ...] = ()
    try:
        body = text.decode("utf-8")
    except UnicodeDecodeError:
        body, warnings = text.decode("utf-8", "replace"), ("invalid_utf8",)
    yield RawArticle(
        source_uri,
        f"byte {offset}",
        body=body.strip("\r\n"),
        body_source="file",
        source=settings.source,
        dates=(("body_prefix", dated[0]),) if dated else (),
        warnings=warnings,
        payload=data,
    )
