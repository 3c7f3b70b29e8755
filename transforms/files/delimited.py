"""CSV and TSV (RFC 4180) with a header line: where a large file may be cut, and its rows."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.fields import FieldMapper, by_name
from newslake.transforms.files.jsonl import too_large
from newslake.transforms.files.lines import KEPT_BYTES, LongLine, read_lines

DELIMITERS = (",", ";", "\t", "|")
_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")


_SEPARATOR_LINE = re.compile(rb'\s*"?sep=([\t!#-/:-@\[-`{-~])"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line with which a file tells Excel the delimiter. It is not the header."""
_BLANK_LINES = re.compile(rb"(?:[ \t]*(?:\r\n|\r|\n))*")
_QUOTED = re.compile(rb'"[^"]*"')


class UnendedHeaderError(Exception):
    """The beginning of the file does not hold the end of the header."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: the names of its columns, its delimiter, and where its rows begin.

    ``end`` is the offset of the first row. ``ends_with_cr`` tells whether lines end with CR alone,
    as on old Macintosh computers.
    """

    names: tuple[str, ...]
    delimiter: str
    end: int
    ends_with_cr: bool


def names_delimiter(head: bytes) -> bool:
    """Tell whether a text begins with Excel's ``sep=;``. Only tables do."""
    return _SEPARATOR_LINE.match(head) is not None


def read_header(head: bytes, *, is_whole: bool) -> Header:
    """Return the header of a table from the beginning of the file, ``head``, in UTF-8.

    ``is_whole`` tells that nothing follows ``head``. Blank lines and Excel's ``sep=;`` may come
    before the header. Raise UnendedHeaderError if the header does not end in ``head``, and
    csv.Error if it is not a row.
    """
    told = _SEPARATOR_LINE.match(head)
    place = told.end() if told else 0
    blank = _BLANK_LINES.match(head, place)
    place = blank.end() if blank else place
    unquoted = _QUOTED.sub(b"", head[place:])
    ends_with_cr = b"\r" in unquoted and b"\n" not in unquoted
    lines = head[place:].split(b"\r" if ends_with_cr else b"\n")
    if not is_whole or not lines[-1]:
        lines.pop()
    quotes, extent = 0, 0
    for extent, line in enumerate(lines, 1):  # noqa: B007
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            break
    first = b"\n".join(lines[:extent] if quotes % 2 == 0 else lines[:1]).decode("utf-8", "replace")
    delimiter = told[1].decode() if told else delimiter_of(first)
    taken: list[bytes] = []

    def take() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line.decode("utf-8", "replace") + "\n"
        raise UnendedHeaderError

    names = tuple(name.strip() for name in next(csv.reader(take(), delimiter=delimiter)))
    end = min(place + sum(len(line) + 1 for line in taken), len(head))
    return Header(names, delimiter, end, ends_with_cr)


def delimiter_of(header: str) -> str:
    """Return the delimiter that occurs most in the header line; a comma if the line holds none."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: (outside.count(delimiter), delimiter == ","))


def row_boundaries(
    file: BinaryIO, start: int, size: int, delimiter: str, chunk_bytes: int, block_bytes: int = 1 << 24
) -> list[int]:
    """Return offsets at which rows begin, from ``start`` on, about ``chunk_bytes`` apart.

    A line break within quotes ends no row. The number of quotes before an offset tells whether it
    is within quotes. This holds if each quote stands beside a delimiter, a line break or another
    quote. So this reads the whole file once, at the speed of the disk.

    Return only ``start`` if a quote or a CR is out of place, because a rejected row there shifts
    where rows begin.
    """
    boundaries, wanted, quotes = [start], start + chunk_bytes, 0
    breaks = np.frombuffer(bytes((ord(delimiter), _LF, _CR, _QUOTE)), np.uint8)
    before = b"\n"
    file.seek(start)
    offset = start
    while offset < size and (block := file.read(min(block_bytes, size - offset))):
        after = file.read(1) if offset + len(block) < size else b"\n"
        file.seek(offset + len(block))
        data = np.frombuffer(before + block + (after or b"\n"), np.uint8)
        marks = np.flatnonzero(data[1:-1] == _QUOTE) + 1
        opens = (np.arange(len(marks)) + quotes) % 2 == 0
        beside = np.where(opens, data[marks - 1], data[marks + 1])
        if not np.isin(beside, breaks).all():
            return [start]
        returns = np.flatnonzero(data[1:-1] == _CR) + 1
        bare = returns[data[returns + 1] != _LF]
        if ((quotes + np.searchsorted(marks, bare)) % 2 == 0).any():
            return [start]
        for end in np.flatnonzero(data[1:-1] == _LF).tolist() if offset + len(block) >= wanted else ():
            if offset + end + 1 >= wanted and (quotes + int(np.searchsorted(marks, end + 1))) % 2 == 0:
                boundaries.append(offset + end + 1)
                wanted = offset + end + 1 + chunk_bytes
                if wanted > offset + len(block):
                    break
        quotes += len(marks)
        before = block[-1:]
        offset += len(block)
    return [boundary for boundary in boundaries if boundary < size] if quotes % 2 == 0 else [start]


def read_rows(
    blocks: Iterator[bytes],
    source_uri: str,
    mapper: FieldMapper,
    *,
    header: tuple[str, ...],
    delimiter: str,
    first: int,
    until: int,
    max_record_bytes: int,
) -> Iterator[RawItem]:
    """Yield an article for each row from offset ``first`` to ``until``, where rows begin.

    A row with another number of columns than ``header`` is rejected. A stray quote within one line
    is read as text, with a warning. If a stray quote makes one row of several lines, only the first
    line is lost, and reading goes on with the next line. The lines after it are mostly good rows.
    """
    csv.field_size_limit(max_record_bytes)
    lines = _Lines(read_lines(blocks, first, until, max_record_bytes))
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    is_plain = all(header) and len(set(header)) == len(header)
    while True:
        lines.begin_row()
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            rows = csv.reader(lines, delimiter=delimiter, strict=True)
            lines.keep_first()
            if lines.long is None:
                row = _read_leniently(lines.text(), delimiter)
                if len(row) == len(header):
                    values, warnings = by_name(header, row)
                    warnings = (*lines.warnings(), *warnings, "stray_quote")
                    yield mapper.article(values, source_uri, f"byte {lines.offset}", lines.raw(), warnings)
                else:
                    yield Reject(
                        Stage.READ_ARTICLES,
                        Reason.MALFORMED_ROW,
                        source_uri,
                        f"byte {lines.offset}: {error}",
                        lines.raw(),
                    )
                continue
            row = []
        if lines.long is not None:
            offset, long = lines.long
            yield too_large(source_uri, offset, long.length, lines.raw()[:KEPT_BYTES])
        elif len(row) == len(header):
            if is_plain:
                values, warnings = dict(zip(header, row, strict=True)), lines.warnings()
            else:
                values, warnings = by_name(header, row)
                warnings = (*lines.warnings(), *warnings)
            yield mapper.article(values, source_uri, f"byte {lines.offset}", lines.raw(), warnings)
        elif row:
            detail = f"byte {lines.offset}: {len(row)} columns, but the header has {len(header)}"
            yield Reject(Stage.READ_ARTICLES, Reason.MALFORMED_ROW, source_uri, detail, lines.raw())


def _read_leniently(line: str, delimiter: str) -> list[str]:
    """Return the columns of one line with a stray quote.

    Return an empty list if the quote is still open at the end of the line, or if the line is not a
    row.
    """
    asked = 0

    def take() -> Iterator[str]:
        nonlocal asked
        for part in (line, ""):
            asked += 1
            yield part

    try:
        row = next(csv.reader(take(), delimiter=delimiter), [])
    except csv.Error:
        return []
    return row if asked == 1 else []


class _Lines:
    """The lines that the csv module asks for, kept until their row is done."""

    def __init__(self, lines: Iterator[tuple[int, bytes | LongLine]]) -> None:
        self._lines = lines
        self._returned: deque[tuple[int, bytes | LongLine]] = deque()
        self._row: list[tuple[int, bytes | LongLine]] = []
        self._is_repaired = False
        self.long: tuple[int, LongLine] | None = None
        """The first line of the row that is too long, with its offset."""

    def begin_row(self) -> None:
        self._row, self._is_repaired, self.long = [], False, None

    def keep_first(self) -> None:
        """Keep only the first line of the row, and put the other lines back.

        The next reads return those lines again. ``long`` and the warnings then belong to the first
        line.
        """
        self._returned.extendleft(reversed(self._row[1:]))
        del self._row[1:]
        self._is_repaired, self.long = False, None
        self.text()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self._row.append(self._returned.popleft() if self._returned else next(self._lines))
        return self.text()

    def text(self) -> str:
        """Return the last line as text with a line break; only the line break if it is too long."""
        offset, line = self._row[-1]
        if isinstance(line, LongLine):
            self.long = self.long or (offset, line)
            return "\n"
        try:
            return line.decode("utf-8") + "\n"
        except UnicodeDecodeError:
            self._is_repaired = True
            return line.decode("utf-8", "replace") + "\n"

    @property
    def offset(self) -> int:
        return self._row[0][0]

    def raw(self) -> bytes:
        return b"\n".join(line.beginning if isinstance(line, LongLine) else line for _, line in self._row)

    def warnings(self) -> tuple[str, ...]:
        return ("invalid_utf8",) if self._is_repaired else ()
