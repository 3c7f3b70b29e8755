"""The rows of CSV, TSV and similar tables, and where a large table may be cut.

A stray quote can make one row of several. ``read_rows`` finds this by comparing the lines of a row
with the other rows of the table, and then reads those lines one by one.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import BinaryIO

import numpy as np

from newslake.schemas.raw import RawArticle, RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.blocks import repaired
from newslake.transforms.files.columns.mapper import FieldMapper, by_name
from newslake.transforms.files.lines import KEPT_BYTES, LongLine, read_lines, too_large
from newslake.transforms.files.tables.cells import cells_of
from newslake.transforms.files.tables.dialect import SWAP_LINE_ENDS, Table, begins_table, column_names, is_names
from newslake.transforms.files.tables.kinds import fits, shows_kind

_MARK = "\ufeff"
_SWAP_BACK = {ord("\n"): "\r", ord("\r"): "\n"}
_LF, _CR = ord("\n"), ord("\r")
_LINES_AFTER_STRAY = 64
"""A row with a stray quote is given up after so many lines. This bounds the work for a file that
is full of such quotes."""
_LEAST_PROOF = 6
"""If no column shows what belongs in it, so many delimiters in the right number prove that lines
are rows."""


def row_boundaries(
    file: BinaryIO, table: Table, start: int, size: int, chunk_bytes: int, block_bytes: int = 1 << 24
) -> list[int]:
    """Return offsets at which rows begin, from ``start`` on, about ``chunk_bytes`` apart.

    A line break within quotes or after an escape ends no row. The number of quotes before an offset
    tells whether it is within quotes. This holds if each quote stands beside a delimiter, a line
    break or another quote. So this reads the whole file once, at the speed of the disk.

    Return only ``start`` if a quote or a CR is out of place, because a rejected row there shifts
    where rows begin. No chunk begins after a line that repeats the header, because the article
    after such a line has a warning.
    """
    boundaries, wanted, quotes = [start], start + chunk_bytes, 0
    quote = ord(table.quote) if table.quote else -1
    breaks = np.array((ord(table.delimiter), _LF, _CR, quote), np.int16)
    escaped = re.compile(re.escape(table.escape.encode()) + rb"[\s\S]") if table.escape else None
    before, tail = b"\n", b""
    file.seek(start)
    offset = start
    while offset < size and (block := file.read(min(block_bytes, size - offset))):
        if escaped is not None:
            block += _rest_of_escape(file, block, table.escape.encode())
        after = file.read(1) if offset + len(block) < size else b"\n"
        file.seek(offset + len(block))
        plain = block if escaped is None else escaped.sub(b"xx", block)
        data = np.frombuffer(before + plain + (after or b"\n"), np.uint8)
        marks = np.flatnonzero(data[1:-1] == quote) + 1
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
                if _repeats_header(table, (tail + block[:end]).rpartition(b"\n")[2]):
                    continue
                boundaries.append(offset + end + 1)
                wanted = offset + end + 1 + chunk_bytes
                if wanted > offset + len(block):
                    break
        quotes += len(marks)
        before, tail = plain[-1:], (tail + block).rpartition(b"\n")[2][-KEPT_BYTES:]
        offset += len(block)
    return [start, *(found for found in boundaries[1:] if found < size)] if quotes % 2 == 0 else [start]


def _repeats_header(table: Table, line: bytes) -> bool:
    row = cells_of(table.delimiter, table.quote, table.escape, escapes_unquoted=table.escapes_unquoted).strict(
        _line(0, line).text
    )
    return row is not None and is_names(table, row)


def _rest_of_escape(file: BinaryIO, block: bytes, escape: bytes) -> bytes:
    """Return the next byte of the file if the block ends with an escape that it belongs to."""
    return file.read(1) if (len(block) - len(block.rstrip(escape))) % 2 else b""


def read_rows(
    blocks: Iterator[bytes],
    source_uri: str,
    mapper: FieldMapper,
    table: Table,
    *,
    first: int,
    until: int,
    max_record_bytes: int,
) -> Iterator[RawItem]:
    """Yield an article or a reject for each row from offset ``first`` to ``until``.

    ``first`` and ``until`` are offsets at which rows begin, and the blocks begin at ``first``. If
    cells are missing at the end of a row, they are empty, and the article has the warning
    ``short_row``. Empty cells beyond the header are left out. A row with more cells is rejected.

    A line that repeats the header, as in files that were joined, gives nothing, and the article
    after it has the warning ``repeated_header``. A quote out of place is read as text where the
    row then fits the table, with the warning ``stray_quote``. Blank lines and NUL characters are
    passed over.
    """
    if table.ends_with_cr:
        blocks = (block.translate(SWAP_LINE_ENDS) for block in blocks)
    stream = read_lines(blocks, first, until, max_record_bytes)
    rows = _Rows(stream, source_uri, mapper, table, max_record_bytes)
    delimiter, quote, escape = table.delimiter, table.quote or "\n", table.escape or "\n"
    mark, escaped = rows.mark, rows.escaped
    strict, width, names = rows.cells.strict, len(table.header), column_names(table)
    is_plain = len(set(names)) == width and not table.ends_with_cr
    article, first_name = mapper.article, table.header[0]
    for offset, raw in stream:
        if isinstance(raw, LongLine):
            yield too_large(source_uri, offset, raw.length, raw.beginning)
            continue
        text = _plain_text(raw) if is_plain and not rows.carried else None
        more: list[tuple[int, bytes | LongLine]] = []
        payload = raw
        if text is not None:
            if quote not in text and escape not in text:
                row: list[str] | None = text.split(delimiter)
            elif (quotes := (raw if escaped is None else escaped.sub(b"", raw)).count(mark)) % 2:
                row, payload, more = rows.gather(raw, quotes)
            else:
                row = strict(text)
            if row is not None and len(row) == width and row[0] != first_name:
                yield article(dict(zip(names, row, strict=True)), source_uri, f"byte {offset}", payload)
                continue
            rows.give_back(more)
        yield from rows.read(offset, raw)


def _plain_text(raw: bytes) -> str | None:
    """Return a line as text without its CR, or None if it needs a closer look."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    if text.endswith("\r"):
        text = text[:-1]
    return None if not text or "\0" in text or "\r" in text or text[0] == _MARK else text


@dataclass(slots=True)
class _Line:
    """A line as text without its line end, and what it was made of."""

    offset: int
    raw: bytes
    text: str
    end: str = "\n"
    warnings: tuple[str, ...] = ()
    length: int = 0
    """The length of a line that is over the limit; else 0. ``raw`` is then its beginning."""
    begins_file: bool = False
    """True if a byte order mark precedes the line, as where files were joined."""


def _line(offset: int, raw: bytes | LongLine) -> _Line:
    if isinstance(raw, LongLine):
        return _Line(offset, raw.beginning, "", length=raw.length)
    warnings: tuple[str, ...] = ()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text, warnings = repaired(raw), ("invalid_utf8",)
    text = text.replace("\0", "")
    end = "\r\n" if text.endswith("\r") else "\n"
    plain = text.removesuffix("\r")
    return _Line(offset, raw, plain.lstrip(_MARK), end, warnings, begins_file=plain.startswith(_MARK))


class _Reading(Enum):
    """How several lines are read that the quotes join."""

    WHOLE = auto()
    SPLIT = auto()
    DOUBTFUL = auto()
    """The lines are one row, but may as well be several."""


class _Rows:
    """Reads the rows that need more than one look: of several lines, or out of order."""

    def __init__(
        self,
        stream: Iterator[tuple[int, bytes | LongLine]],
        source_uri: str,
        mapper: FieldMapper,
        table: Table,
        max_record_bytes: int,
    ) -> None:
        self.cells = cells_of(table.delimiter, table.quote, table.escape, escapes_unquoted=table.escapes_unquoted)
        self.carried: tuple[str, ...] = ()
        """Warnings for the next article."""
        self.mark = table.quote.encode() or b"\n"
        self.escaped = re.compile(re.escape(table.escape.encode()) + rb"[\s\S]") if table.escape else None
        """The quote in UTF-8, and the pattern of what an escape makes a letter."""
        quote, delimiter = re.escape(table.quote), re.escape(table.delimiter)
        self._opening = re.compile(rf"(?:^|{delimiter}){quote}(?!{quote}|{delimiter}|$)")
        self._stream = stream
        self._source_uri = source_uri
        self._mapper = mapper
        self._table = table
        self._width = len(table.header)
        self._max_record_bytes = max_record_bytes
        self._returned: deque[_Line] = deque()

    def read(self, offset: int, raw: bytes | LongLine) -> Iterator[RawItem]:
        """Yield the items of the row that begins with this line, and of each line it took along."""
        self._returned.appendleft(_line(offset, raw))
        while self._returned:
            line = self._returned.popleft()
            if line.length:
                yield too_large(self._source_uri, line.offset, line.length, line.raw)
            elif line.text.strip() or self._table.delimiter in line.text:
                found = self._read(line)
                if found is not None:
                    yield found

    def _take(self) -> _Line | None:
        if self._returned:
            return self._returned.popleft()
        found = next(self._stream, None)
        return None if found is None else _line(*found)

    def gather(self, raw: bytes, quotes: int) -> tuple[list[str] | None, bytes, list[tuple[int, bytes | LongLine]]]:
        """Return the cells of a row of several lines, its bytes, and the lines after the first.

        ``quotes`` is the number of quotes in the first line. The row ends where the number is even.
        The cells are None if a quote is out of place, or if the lines look like several rows.
        """
        quote, escaped, parts = self.mark, self.escaped, [raw]
        more: list[tuple[int, bytes | LongLine]] = []
        size = len(raw)
        for found in self._stream:
            more.append(found)
            line = found[1]
            if isinstance(line, LongLine):
                return None, raw, more
            parts.append(line)
            size += len(line)
            quotes += (line if escaped is None else escaped.sub(b"", line)).count(quote)
            if quotes % 2 == 0:
                break
            if size > self._max_record_bytes:
                break
        payload = b"\n".join(parts)
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            return None, raw, more
        if "\0" in text or size > self._max_record_bytes or self._may_be_row(raw):
            return None, raw, more
        return self.cells.strict(text.removesuffix("\r")), payload, more

    def _may_be_row(self, raw: bytes) -> bool:
        return raw.count(self._table.delimiter.encode()) >= self._width - 1 and self._is_row(_line(0, raw))

    def give_back(self, lines: list[tuple[int, bytes | LongLine]]) -> None:
        self._returned.extend(_line(*found) for found in lines)

    def _give_back(self, lines: list[_Line]) -> None:
        self._returned.extendleft(reversed(lines))

    def _read(self, line: _Line) -> RawItem | None:
        """Return the item of the row that begins with a line, or None if the line gives none."""
        for separator in (_MARK, "\r"):
            if separator in line.text and (parts := self._parts(line, separator)):
                self._give_back(parts)
                return None
        if not self.cells.is_open(line.text, inside=False):
            return self._item([line])
        lines = [line]
        is_closed = self._gather(lines)
        reading = self._reading(lines, is_closed=is_closed)
        if reading is _Reading.SPLIT:
            if is_closed and self.cells.strict(_text_of(lines)) is not None:
                lines[-1].warnings = (*lines[-1].warnings, "stray_quote")
            found = self._item(lines[:1])
            if isinstance(found, Reject):  # parts of a text may look like rows
                for line in lines[1:]:
                    line.warnings = (*line.warnings, "stray_quote")
            self._give_back(lines[1:])
            return found
        if reading is _Reading.DOUBTFUL:
            line.warnings = (*line.warnings, "rows_in_cell")
        return self._item(lines) if is_closed else self._reject(lines, None)

    def _parts(self, line: _Line, separator: str) -> list[_Line]:
        """Return the rows that a CR or a mark separates, or nothing if it belongs to a cell.

        A byte order mark stands there if a file without a line end at its end was joined.
        """
        found = self.cells.strict(line.text)
        if found is not None and len(found) == self._width:
            return []
        parts, offset, mark = [], line.offset, separator.encode()
        for raw in line.raw.split(mark):
            part = _line(offset, raw)
            row = self.cells.strict(part.text)
            if part.text and (row is None or len(row) != self._width):
                return []
            parts.append(part)
            offset += len(raw) + len(mark)
        return parts

    def _gather(self, lines: list[_Line]) -> bool:
        """Add the lines that the quotes join to the first one.

        Return False if the cell does not end. This holds too if a stray quote stands in a line that
        is a row of its own.
        """
        cells, quote = self.cells, self._table.quote
        size, after_stray = len(lines[0].raw), 0
        has_stray = cells.has_stray(lines[0].text, inside=False)
        while (line := self._take()) is not None:
            if line.length:
                self._give_back([line])
                return False
            lines.append(line)
            if quote in line.text:
                has_stray = has_stray or cells.has_stray(line.text, inside=True)
                if not cells.is_open(line.text, inside=True):
                    return True
                if has_stray and self._begins_row(line):
                    return False
            size += len(line.raw)
            after_stray += has_stray
            if size > self._max_record_bytes or after_stray > _LINES_AFTER_STRAY:
                return False
        return False

    def _reading(self, lines: list[_Line], *, is_closed: bool) -> _Reading:
        """Return how to read the lines that the quotes join.

        They are rows of their own if they look like the other rows of the table. A cell that quotes
        a table does so too, but mostly the first or the last line of its row is not whole.
        """
        if not self._table.quote:
            return _Reading.WHOLE
        row = self.cells.strict(_text_of(lines)) if is_closed else None
        after = [line for line in lines[1:] if line.text.strip()]
        if row is None or len(row) != self._width:
            return _Reading.SPLIT if not after or any(map(self._begins_row, after)) else _Reading.WHOLE
        number, cell = next((number, cell) for number, cell in enumerate(row) if "\n" in cell)
        if self._table.quote in cell or not self._is_row(lines[0]):  # a quote in the cell is doubled or escaped
            return _Reading.WHOLE
        joined = lines[: cell.count("\n") + 1]
        rows = [found for line in joined if (found := self._row_of(line)) is not None]
        if any(self._table.kinds):
            shown = [self._shows_kind(line) for line in joined]
            is_proved = shown[-1] and sum(shown) * 2 > len(shown)
        else:
            is_spaced = any(cell.startswith(" ") for found in rows for cell in found[1:])
            is_proved = len(rows) == len(lines) and (not is_spaced or len(rows) * (self._width - 1) >= _LEAST_PROOF)
            if not is_proved and len(rows) < len(lines):
                return _Reading.WHOLE
        if not is_proved and self._row_of(joined[-1]) is None:
            return _Reading.WHOLE
        if number in self._table.quoted:
            return _Reading.DOUBTFUL if is_proved else _Reading.WHOLE
        return _Reading.SPLIT if is_proved else _Reading.DOUBTFUL

    def _is_row(self, line: _Line) -> bool:
        """Tell whether a line has the header's number of cells, and values where they belong."""
        return self._row_of(line) is not None

    def _begins_row(self, line: _Line) -> bool:
        """Tell whether a line looks like a row, or like the first line of one.

        Such a first line has a quote where a cell begins, and values of the right kinds before it.
        """
        if self._is_row(line):
            return True
        opened = self._opening.search(line.text)
        before = line.text[: opened.start()].split(self._table.delimiter) if opened and opened.start() else []
        if not fits(self._table.kinds, before):
            return False
        return shows_kind(self._table.kinds, before) or len(before) in self._table.quoted

    def _shows_kind(self, line: _Line) -> bool:
        """Tell whether a line has values of the kinds of the columns, up to its first quote."""
        row = self._row_of(line)
        before = row if row is not None else line.text.partition(self._table.quote)[0].split(self._table.delimiter)[:-1]
        return shows_kind(self._table.kinds, before)

    def _row_of(self, line: _Line) -> list[str] | None:
        """Return the cells of a line that looks like a row of the table; else None."""
        if line.text.count(self._table.delimiter) < self._width - 1:
            return None
        row = self.cells.strict(line.text)
        if row is None or len(row) != self._width:
            row = self.cells.unquoted(line.text)
        return row if len(row) == self._width and fits(self._table.kinds, row) else None

    def _item(self, lines: list[_Line]) -> RawItem | None:
        """Return the article or reject of a row, or None if it repeats the header."""
        first, text = lines[0], _text_of(lines)
        warnings = tuple(dict.fromkeys(warning for line in lines for warning in line.warnings))
        found = self.cells.strict(text)
        if found is not None:
            if is_names(self._table, found):
                self.carried = ("repeated_header",)
                return None
            row = self._fitted(found)
            if row is not None and not (first.begins_file and begins_table(found)):
                return self._article(lines, row, (*warnings, *(("short_row",) if len(found) < self._width else ())))
        if self._table.quote and self._table.quote in text:
            for row in (self.cells.lenient(text), self.cells.unquoted(text) if len(lines) == 1 else None):
                if row is not None and len(row) == self._width and fits(self._table.kinds, row):
                    return self._article(lines, row, (*warnings, "stray_quote"))
        return self._reject(lines, found)

    def _fitted(self, row: list[str]) -> list[str] | None:
        """Return a row with as many cells as the header, or None if it cannot be one.

        A short row must have two cells at least, because a line of a text has one.
        """
        missing = self._width - len(row)
        if missing <= 0:
            return None if any(cell.strip() for cell in row[self._width :]) else row[: self._width]
        return [*row, *[""] * missing] if len(row) > 1 and fits(self._table.kinds, row) else None

    def _article(self, lines: list[_Line], row: list[str], warnings: tuple[str, ...]) -> RawArticle:
        if self._table.ends_with_cr:
            row = [cell.translate(_SWAP_BACK) for cell in row]
        values, ambiguous = by_name(column_names(self._table), row)
        warnings, self.carried = (*self.carried, *warnings, *ambiguous), ()
        return self._mapper.article(
            values, self._source_uri, f"byte {lines[0].offset}", self._payload(lines), tuple(dict.fromkeys(warnings))
        )

    def _reject(self, lines: list[_Line], row: list[str] | None) -> Reject:
        payload, offset = self._payload(lines), lines[0].offset
        if len(payload) > self._max_record_bytes:
            return too_large(self._source_uri, offset, len(payload), payload[:KEPT_BYTES])
        fault = "a quote is out of place"
        if row is not None:
            fault = f"{len(row)} columns, but the header has {self._width}"
            if lines[0].begins_file and begins_table(row):
                fault = "a file with another header begins here; read the two apart"
        return Reject(Stage.READ_ARTICLES, Reason.MALFORMED_ROW, self._source_uri, f"byte {offset}: {fault}", payload)

    def _payload(self, lines: list[_Line]) -> bytes:
        payload = b"\n".join(line.raw for line in lines)
        return payload.translate(SWAP_LINE_ENDS) if self._table.ends_with_cr else payload


def _text_of(lines: list[_Line]) -> str:
    if len(lines) == 1:
        return lines[0].text
    return "".join([line.text + line.end for line in lines[:-1]]) + lines[-1].text
