"""What a table looks like: its delimiter, its quotes, its header, and where its rows begin.

The content alone tells it, from the beginning of a file. Only what the settings say comes first.
Prose, poems, logs and source code are no tables, although they hold commas and semicolons.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from itertools import islice

from newslake.schemas.raw import SourceSettings
from newslake.transforms.files.cells import Cells, cells_of
from newslake.transforms.files.fields import field_of

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x01", "\x1f")
"""In the order of trust. Hive separates cells by U+0001, and U+001F is ASCII's unit separator."""
SWAP_LINE_ENDS = bytes.maketrans(b"\r\n", b"\n\r")
"""Lines that end with CR alone are read as lines that end with LF. An LF in a cell is then a CR."""

_MARK = b"\xef\xbb\xbf"
_SEPARATOR_LINE = re.compile(rb'\s*"?sep=([\t!#-/:-@\[-`{-~\x01\x1f])"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line with which a file tells Excel the delimiter. It is not the header."""
_QUOTED = re.compile(rb'"[^"]*"')
_QUOTED_WITH_ESCAPES = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)

_SAMPLE_RECORDS = 1_000
_FIRST_LINES = 100
"""So many lines tell the delimiter. The other choices take the whole sample."""
_MOST_PREAMBLE = 30
_MOST_PREAMBLE_OF_STRANGE = 5
_LONG_PREAMBLE = 200
_LEAST_KNOWN = 2
_LEAST_SHARE = 0.8
_LEAST_ROWS_OF_TWO = 2
_LEAST_STRAYS = 3
"""So many quotes out of place show that quotes are letters. Fewer are faults in a few rows."""
_LONG_NAMES = 10_000
_MOST_LINES_OF_CELL = 2_000

_KINDS = {
    "number": re.compile(r"[-+]?\d+(?:[.,]\d+)*"),
    "date": re.compile(
        r"""
        \d{4}-\d\d(?:-\d\d.{0,30})? | \d{4}([/.])\d\d?\1\d\d?.{0,30} | \d\d?([-/.])\d\d?\2\d{2,4}.{0,30}
        | (?:[A-Z][a-z]{2,8},?\ )?(?:\d\d?\ [A-Za-z]{3,9}\.?|[A-Z][a-z]{2,8}\.?\ \d\d?,)\ \d{4}.{0,30}
        """,
        re.VERBOSE,
    ),
    "url": re.compile(r"(?:https?|ftp)://\S+|www\.\S+"),
    "word": re.compile(r"[\w.:/@+-]{1,64}", re.ASCII),
}
"""What all values of a column may be, the narrowest first. A header is not the first three."""
_VALUES = frozenset(("number", "date", "url"))
_LEAST_WORDS = 4
"""So many values show that a column holds single words; a headline may be one word by chance."""
_VOID = frozenset(("", "null", "none", "nan", "n/a", "nat", "-", "\\n", "undefined"))
_LONG_TEXT = 60
"""The name of a column is shorter."""

_NAME = re.compile(r"""[\w#%№@$*("'-][\w\s.:/()\[\]#%&*№@$+'"’°?!-]{0,63}""")
_CODE = re.compile(r"\s*[\[({<].*|.*[;{}]\s*")
_DASHES = re.compile(r"[-+|:=\s]*--[-+|:=\s]*")
_MOST_WORDS_OF_NAME = 6


class Fault(StrEnum):
    """The reason for which a text is not read as a table."""

    NO_TABLE = auto()
    NO_HEADER = auto()
    OPEN_QUOTE = auto()
    TOO_LONG = auto()


@dataclass(frozen=True, slots=True)
class NotATable:
    """A text that is not read as a table.

    ``detail`` says what to do if the text seems to be a table. It is empty for NO_TABLE.
    """

    fault: Fault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: how it is written, the names of its columns, and where its rows begin.

    ``quote`` is "" if cells are never quoted. ``escape`` is "" if a quote in a cell is doubled.
    ``start`` is the offset of the first row, in UTF-8, after a byte order mark. ``ends_with_cr``
    tells that lines end with CR alone. ``skipped`` are the lines before the header.

    The rest comes from a sample of the rows: ``kinds`` is what each column holds ("number", "date",
    "url", "word", or "" for anything), and ``quoted`` are the numbers of the columns in which
    cells stand in quotes.
    """

    header: tuple[str, ...]
    delimiter: str
    quote: str
    escape: str
    start: int
    ends_with_cr: bool
    skipped: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    quoted: tuple[int, ...] = ()
    escapes_unquoted: bool = False
    """True if an escape counts in a cell without quotes too, as Python's csv module writes it."""


def is_names(table: Table, row: Sequence[str]) -> bool:
    """Tell whether a row repeats the header of its table."""
    return len(row) == len(table.header) and tuple(map(_name, row)) == table.header


def fits(kinds: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether each cell of a row is of the kind of its column, or stands for nothing.

    >>> fits(("number", "", "date"), ["7", "any text", "2024-03-04"]), fits(("number",), ["a", "b"])
    (True, False)
    """
    return all(_is_kind(kind, cell) for kind, cell in zip(kinds, row, strict=False) if kind)


def begins_table(row: Sequence[str]) -> bool:
    """Tell whether a row looks like the header of another table, with names that are known."""
    return _may_be_names(row) and _known(row, SourceSettings()) >= _LEAST_KNOWN


def shows_kind(kinds: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether a row fits, and a cell of it has a value of the kind of its column."""
    values = ((kind, cell) for kind, cell in zip(kinds, row, strict=False) if kind)
    return fits(kinds, row) and any(cell.strip().lower() not in _VOID for _, cell in values)


def find_table(head: bytes, settings: SourceSettings, *, is_whole: bool, is_told: bool = False) -> Table | NotATable:
    """Return what the table looks like that a text in UTF-8 begins, or why it is not a table.

    ``head`` is the beginning of the file after a byte order mark, and ``is_whole`` tells that
    nothing follows it. ``is_told`` means that the settings say that it is a table. ``settings``
    may give ``delimiter``, ``quote``, ``escape``, ``header`` and ``skip_rows``.
    """
    marks = len(head) - len(head := _without_marks(head))
    ends_with_cr = _ends_with_cr(head)
    if ends_with_cr:
        head = head.translate(SWAP_LINE_ENDS)
    told = _SEPARATOR_LINE.match(head)
    begin = told.end() if told else 0
    lines = _lines(head[begin:], begin + marks, is_whole=is_whole)[settings.skip_rows :]
    is_told = is_told or told is not None
    delimiter = settings.delimiter or (told[1].decode() if told else "")
    one_of = [
        one for one in (delimiter or DELIMITERS) if is_told or any(one in line.text for line in lines[:_MOST_PREAMBLE])
    ]

    def best_of(delimiters: Iterable[str], sample: Sequence[_Line]) -> _Judged | None:
        ends = is_whole and len(sample) == len(lines)
        judged = (
            _judged(_best_quoting(sample, one, settings, is_whole=ends), settings, is_told=is_told)
            for one in delimiters
        )
        return max(judged, key=_rank, default=None)

    best = best_of(one_of, lines[:_FIRST_LINES])
    if best is not None and len(lines) > _FIRST_LINES:
        is_told_apart = best.fault is not Fault.NO_TABLE
        best = best_of([best.rows.cells.delimiter] if is_told_apart else one_of, lines)
    if best is None or best.fault is Fault.NO_TABLE:
        return _unread(head[begin:], is_whole=is_whole, is_told=is_told)
    if best.fault is Fault.NO_HEADER:
        return NotATable(Fault.NO_HEADER, _no_header(best.rows))
    if best.fault is Fault.OPEN_QUOTE:
        return NotATable(Fault.OPEN_QUOTE, 'its header has an open quote; close it, or settle quote = ""')
    return _table(best.rows, ends_with_cr=ends_with_cr, first=lines[0].start if lines else len(head) + marks)


def _without_marks(head: bytes) -> bytes:
    """Return a text without the byte order marks at its beginning; joined tools write two."""
    while head.startswith(_MARK):
        head = head[len(_MARK) :]
    return head


def _ends_with_cr(head: bytes) -> bool:
    """Tell whether lines end with CR alone. An LF in quotes ends no line."""
    texts = [quoted.sub(b"", head) for quoted in (_QUOTED, _QUOTED_WITH_ESCAPES)] if b"\r" in head else []
    return any(b"\r" in text and b"\n" not in text for text in texts)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its line end, its offset, and the offset of the next one."""

    text: str
    start: int
    end: int


def _lines(head: bytes, offset: int, *, is_whole: bool) -> list[_Line]:
    """Return the lines of a text that begins at ``offset``, without the last if it may be cut."""
    raw = head.split(b"\n")
    last = raw.pop()
    lines = []
    for line in [*raw, last] if is_whole and last.strip(b"\0") else raw:
        text = line.decode("utf-8", "replace").replace("\0", "").removesuffix("\r")
        lines.append(_Line(text, offset, offset + len(line) + 1))
        offset += len(line) + 1
    return lines


@dataclass(frozen=True, slots=True)
class _Record:
    """A row of the sample: its lines, and its cells, or None if a quote is out of place."""

    lines: tuple[_Line, ...]
    cells: list[str] | None

    @property
    def width(self) -> int:
        return len(self.cells) if self.cells else 0

    @property
    def text(self) -> str:
        return "\n".join([line.text for line in self.lines])


def _records(lines: Sequence[_Line], cells: Cells, *, is_whole: bool) -> Iterator[_Record]:
    """Yield the rows of the sample. A row that the end of the sample cuts off is left out."""
    place = 0
    while place < len(lines):
        line = lines[place]
        size = 1
        if cells.is_open(line.text, inside=False):
            size = _lines_of_row(lines, place, cells)
            if not size and not is_whole and place + _MOST_LINES_OF_CELL > len(lines):
                return
        record = tuple(lines[place : place + size])
        row = cells.strict("\n".join([one.text for one in record])) if size > 0 else None
        if line.text.strip():
            yield _Record(record or (line,), row)
        place += max(size, 1)


def _lines_of_row(lines: Sequence[_Line], place: int, cells: Cells) -> int:
    """Return the number of lines of a row, 0 if its cell does not end, and -1 if it has a stray."""
    if cells.has_stray(lines[place].text, inside=False):
        return -1
    for size, line in enumerate(lines[place + 1 : place + _MOST_LINES_OF_CELL], 2):
        if cells.has_stray(line.text, inside=True):
            return -1
        if not cells.is_open(line.text, inside=True):
            return size
    return 0


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a sample, as one way of writing gives them.

    ``header`` is None if the settings give the names.
    """

    cells: Cells
    names: tuple[str, ...]
    preamble: tuple[_Record, ...]
    header: _Record | None
    body: tuple[_Record, ...]

    @property
    def share(self) -> float:
        """How much of the rows has the header's number of cells. A short row counts half."""
        width = len(self.names)
        good = sum(1.0 if row.width == width else 0.5 if 1 < row.width < width else 0.0 for row in self.body)
        return good / len(self.body) if self.body else 1.0

    @property
    def strays(self) -> int:
        return sum(row.cells is None for row in self.body)


def _best_quoting(lines: Sequence[_Line], delimiter: str, settings: SourceSettings, *, is_whole: bool) -> _Rows:
    """Return the rows by the way of writing that fits the sample best, for one delimiter."""

    def read(quote: str, escape: str) -> _Rows:
        records = islice(_records(lines, cells_of(delimiter, quote, escape), is_whole=is_whole), _SAMPLE_RECORDS)
        return _with_header(cells_of(delimiter, quote, escape), list(records), settings)

    quote = settings.quote if settings.quote is not None else _quote_of(lines, delimiter)
    if settings.escape is not None:
        return read(quote, settings.escape)
    best = read(quote, "")
    text = "\n".join([line.text for line in lines])
    if quote and "\\" in text:
        escaped = read(quote, "\\")
        is_better = escaped.share > best.share or (escaped.share == best.share and _escapes_quotes(escaped))
        best = escaped if is_better and not _doubles_quotes(escaped) else best
    has_escapes = "\\" in text and _escapes_delimiters(text, delimiter)
    if settings.quote == "":
        return read("", "\\") if has_escapes else best
    if settings.quote is None and (has_escapes or best.strays >= _LEAST_STRAYS):
        plain = read("", "\\" if has_escapes else "")
        are_letters = _are_quotes_letters(best)
        if plain.share > best.share and (has_escapes or (are_letters and plain.share >= _LEAST_SHARE)):
            return plain
        if has_escapes and are_letters and plain.share == best.share:
            return plain
    return best


def _are_quotes_letters(rows: _Rows) -> bool:
    """Tell whether more quotes in the sample are out of place than stand around a cell."""
    quoted = sum(_is_quoted(row, cell, rows.cells) for row in rows.body for cell in row.cells or ())
    return quoted <= rows.strays and not any(_needs_quotes(row, rows.cells) for row in rows.body)


def _quote_of(lines: Sequence[_Line], delimiter: str) -> str:
    """Return the quote of a table: ``"``, or ``'`` if it stands around all cells of the header."""
    header = next((line.text for line in lines if line.text.strip()), "")
    is_single = all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in header.split(delimiter))
    return "'" if is_single else '"'


def _needs_quotes(row: _Record, cells: Cells) -> bool:
    return any(_is_quoted_by_need(row, cell, cells) for cell in row.cells or ())


def _is_quoted(row: _Record, cell: str, cells: Cells) -> bool:
    """Tell whether a cell stands in quotes."""
    quote = cells.quote
    written = cell.replace(cells.escape, cells.escape * 2) if cells.escape else cell
    written = written.replace(quote, (cells.escape or quote) + quote)
    return quote != "" and quote + written + quote in row.text


def _is_quoted_by_need(row: _Record, cell: str, cells: Cells) -> bool:
    """Tell whether the quotes of a cell are no letters of it: it holds a delimiter or a quote.

    A cell with line breaks shows nothing, because a stray quote can make it of several rows.
    """
    if len(row.lines) > 1 or not cells.quote:
        return False
    return cells.delimiter in cell or (cells.quote in cell and _is_quoted(row, cell, cells))


def _quoted_cells(cells: Cells) -> re.Pattern[str]:
    """Return the pattern of what stands between quotes, if backslashes are escapes."""
    quote, split = re.escape(cells.quote), re.escape(cells.delimiter)
    inside = rf"(?:[^{quote}\\]++|\\.|{quote}{quote})*+"
    return re.compile(rf"(?s:(?:^|(?<={split})){quote}({inside}){quote}(?={split}|$))")


def _escapes_quotes(rows: _Rows) -> bool:
    """Tell whether backslashes are escapes in a table with quotes, although all rows fit without.

    Then each backslash in a quoted cell is before a quote or another backslash.
    """
    quoted, has_escape = _quoted_cells(rows.cells), False
    for row in rows.body:
        rest = quoted.sub("", row.text)
        has_escape |= "\\" + rows.cells.quote in rest or "\\N" in rest.split(rows.cells.delimiter)
        for cell in quoted.findall(row.text) if "\\" in row.text else ():
            after = set(re.findall(r"\\([\s\S]?)", cell))
            if not after <= {rows.cells.quote, "\\", "0"}:
                return False
            has_escape |= bool(after)
    return has_escape


def _doubles_quotes(rows: _Rows) -> bool:
    """Tell whether a quote in a quoted cell is doubled. No writer both doubles and escapes."""
    doubled = rows.cells.quote * 2
    quoted = _quoted_cells(rows.cells)
    return any(doubled in cell for row in rows.body if doubled in row.text for cell in quoted.findall(row.text))


def _escapes_unquoted(rows: _Rows) -> bool:
    """Tell whether escapes count in cells without quotes too.

    Python's csv module doubles a backslash there, and escapes a quote. Spark writes a backslash
    there as it is, and puts a cell in quotes if it holds a quote.
    """
    delimiter, quote = rows.cells.delimiter, rows.cells.quote
    if not rows.cells.escape or not quote:
        return False
    quoted = _quoted_cells(rows.cells)
    texts = [row.text for row in rows.body if "\\" in row.text]
    after = {found for text in texts for found in re.findall(r"\\([\s\S]?)", quoted.sub("", text))}
    if not after or not after <= {quote, "\\"}:
        return False
    only_quotes = (
        quote in cell and not any(mark in cell for mark in (delimiter, "\n", "\r"))
        for text in texts
        for cell in quoted.findall(text)
    )
    return quote in after or not any(only_quotes)


def _escapes_delimiters(text: str, delimiter: str) -> bool:
    """Tell whether backslashes are escapes in a table without quotes."""
    after = Counter(re.findall(r"\\([\s\S]?)", text))
    sure = after[delimiter] + after["\n"] + after["\\"]
    sure += len(re.findall(rf"(?:^|{re.escape(delimiter)})\\N(?={re.escape(delimiter)}|$)", text, re.M))
    letters = after["n"] + after["r"] + after["t"]
    return set(after) <= {delimiter, *"\n\\bfnrtv0NZ\"'"} and (sure > 0 or letters > 1)


def _name(cell: str) -> str:
    return " ".join(cell.lstrip("\ufeff").split())


def _with_header(cells: Cells, records: list[_Record], settings: SourceSettings) -> _Rows:
    """Return the records as lines before the header, header, and rows."""
    if settings.header:
        return _Rows(cells, settings.header, (), None, tuple(records))
    place = _place_of_header(records, settings)
    if place is None:
        return _Rows(cells, (), (), None, tuple(records))
    header, body = records[place], records[place + 1 :]
    names = tuple(map(_name, header.cells or ()))
    if body and all(row.width == len(names) + 1 and row.cells and row.cells[-1] for row in body):
        names = ("", *names)  # R and pandas leave out the name of the column of row names
    return _Rows(cells, names, tuple(records[:place]), header, tuple(body))


def _place_of_header(records: Sequence[_Record], settings: SourceSettings) -> int | None:
    """Return the number of the record that names the columns: by known names, else by its cells.

    It has as many cells as most records. Return None if there is no such record.
    """
    first = records[:_MOST_PREAMBLE]
    for place, record in enumerate(first):
        if _may_be_names(record.cells or ()) and _known(record.cells or (), settings) >= _LEAST_KNOWN:
            return place
    widths = Counter(record.width for record in records if record.width > 1)
    width = max(widths, key=lambda width: (widths[width], width), default=1)
    return next((place for place, record in enumerate(first) if record.width == width), None)


def _known(names: Iterable[str], settings: SourceSettings) -> int:
    """Return how many names are those of our fields, here or in the settings."""
    configured = {column for column, _ in settings.fields}
    return sum(_name(name) in configured or field_of(_name(name)) is not None for name in names)


def _may_be_names(cells: Sequence[str]) -> bool:
    names = [name for name in map(_name, cells) if name]
    if names == [str(number) for number in range(len(names))]:
        return len(names) > 1  # so pandas names columns without names
    return bool(names) and all(
        _NAME.fullmatch(name) and name.count(" ") < _MOST_WORDS_OF_NAME and not _is_value(name) for name in names
    )


def _is_value(cell: str) -> bool:
    return any(_KINDS[kind].fullmatch(cell) for kind in _VALUES)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The rows by one delimiter, and the reason for which they are no table, or None."""

    rows: _Rows
    fault: Fault | None
    known: int


def _rank(judged: _Judged) -> tuple[float, ...]:
    """Return how well the rows fit a table, as a tuple that grows with it."""
    order = (None, Fault.NO_HEADER, Fault.OPEN_QUOTE, Fault.NO_TABLE)
    rows = judged.rows
    return -order.index(judged.fault), judged.known, len(rows.names) > 1, rows.share, len(rows.names)


def _judged(rows: _Rows, settings: SourceSettings, *, is_told: bool) -> _Judged:
    names, known = rows.names, _known(rows.names, settings)
    if rows.header is None:
        is_table = bool(settings.header) and (is_told or _is_steady(rows))
        return _Judged(rows, None if is_table else Fault.NO_TABLE, known)
    if any(row.cells is None and len(rows.cells.unquoted(row.text)) == len(names) for row in rows.preamble):
        fault = Fault.OPEN_QUOTE if is_told or known >= _LEAST_KNOWN else Fault.NO_TABLE
    elif not known and _begins_with_values(rows) and (is_told or _is_steady(rows)):
        fault = Fault.NO_HEADER
    elif is_told:
        return _Judged(rows, None, known)
    elif known >= _LEAST_KNOWN and _may_be_names(names) and not _is_drawn(rows):
        return _Judged(rows, None if not rows.preamble or rows.share > 0.5 else Fault.NO_TABLE, known)
    else:
        is_table = _are_strange_names(names) and bool(rows.body) and _is_steady(rows)
        return _Judged(rows, None if is_table else Fault.NO_TABLE, known)
    return _Judged(rows, fault, known)


def _are_strange_names(names: Sequence[str]) -> bool:
    """Tell whether cells look like the names of columns, although newslake does not know them.

    Only the first may be empty, as pandas writes it.
    """
    return len(names) > 1 and all(names[1:]) and len(set(names)) == len(names) and _may_be_names(names)


def _is_steady(rows: _Rows) -> bool:
    """Tell whether rows have a steady number of cells, and are no prose, verse, log or code."""
    width, delimiter = len(rows.names), rows.cells.delimiter
    written = [*([rows.header] if rows.header else []), *rows.body]
    cells = [cell for row in written for cell in (row.cells or ())[1:]]
    if delimiter not in "\t\x01\x1f":
        spaced = [cell.startswith(" ") for cell in cells]
        if sum(spaced) * 2 >= max(len(cells), 1) or (rows.header and any(spaced[: width - 1])):
            return False
    if _is_drawn(rows):
        return False
    code = sum(_CODE.fullmatch(row.text) is not None for row in written if len(row.lines) == 1)
    if code * 2 >= len(written):
        return False
    if sum(len(row.lines[0].text) > _LONG_PREAMBLE for row in rows.preamble) or len(rows.preamble) > min(
        len(rows.body), _MOST_PREAMBLE_OF_STRANGE
    ):
        return False
    if delimiter in ",^~" and width == 2 and len(rows.body) < _LEAST_ROWS_OF_TWO:
        return False
    return rows.share >= _LEAST_SHARE


def _is_drawn(rows: _Rows) -> bool:
    """Tell whether a line of dashes follows the header, as in Markdown or as psql prints it."""
    return any(_DASHES.fullmatch(row.text) for row in rows.body[:1])


def _begins_with_values(rows: _Rows) -> bool:
    """Tell whether the first line holds values like those below, and no names."""
    first = rows.header.cells if rows.header and rows.header.cells else []
    if not rows.body:
        return len(first) > 2 and any(map(_is_value, first)) and any(len(cell) > _LONG_TEXT for cell in first)
    kinds = _kinds(_with_first(rows))
    is_value = any(
        kind in _VALUES and cell.strip().lower() not in _VOID and _is_kind(kind, cell)
        for kind, cell in zip(kinds, first, strict=False)
    )
    if is_value and (len(first) > 2 or any(_needs_quotes(row, rows.cells) for row in rows.body)):
        return True
    return len(first) > 1 and any(
        len(cell) > _LONG_TEXT
        and all(len(row.cells[number]) > _LONG_TEXT for row in rows.body if row.cells and row.width > number)
        for number, cell in enumerate(first)
    )


def _kinds(rows: _Rows) -> tuple[str, ...]:
    """Return what the values of each column are: a key of _KINDS, or "" for any text."""
    width = len(rows.names)
    whole = [row.cells for row in rows.body if row.cells and row.width == width]
    return tuple(_kind_of([cells[number].strip() for cells in whole]) for number in range(width))


def _kind_of(values: Sequence[str]) -> str:
    real = [value for value in values if value.lower() not in _VOID]
    for kind, pattern in _KINDS.items():
        least = 2 if kind in _VALUES else _LEAST_WORDS
        if len(real) >= least and sum(pattern.fullmatch(value) is not None for value in real) >= 0.95 * len(real):
            return kind
    return ""


def _is_kind(kind: str, cell: str) -> bool:
    value = cell.strip()
    return value.lower() in _VOID or _KINDS[kind].fullmatch(value) is not None


def _is_whole(row: _Record, cell: str, cells: Cells, width: int) -> bool:
    """Tell whether a cell with line breaks is no accident: a stray quote joins whole rows."""
    return cells.quote in cell or len(cells.unquoted(row.lines[0].text)) != width


def _table(rows: _Rows, *, ends_with_cr: bool, first: int) -> Table:
    cells = rows.cells
    before = rows.header or (rows.preamble[-1] if rows.preamble else None)
    width = len(rows.names)
    quoted = {
        number
        for row in rows.body
        if row.width == width
        for number, cell in enumerate(row.cells or ())
        if (
            _is_quoted(row, cell, cells) if len(row.lines) == 1 else "\n" in cell and _is_whole(row, cell, cells, width)
        )
    }
    if rows.header and all(_is_quoted(rows.header, cell, cells) for cell in rows.header.cells or ()):
        quoted = set(range(width))
    return Table(
        rows.names,
        cells.delimiter,
        cells.quote,
        cells.escape,
        before.lines[-1].end if before else first,
        ends_with_cr,
        tuple(row.text for row in rows.preamble),
        _kinds(rows),
        tuple(sorted(quoted)),
        _escapes_unquoted(rows),
    )


def _no_header(rows: _Rows) -> str:
    """Return the sentence for a table whose first line holds values; it shows what to write."""
    kinds = _kinds(_with_first(rows))
    names = [
        kind if kind in ("date", "url") and kinds.index(kind) == number else f"column_{number + 1}"
        for number, kind in enumerate(kinds)
    ]
    line = ", ".join(f'"{name}"' for name in names)
    return f"it has no header, because its first line holds values; name its columns: header = [{line}]"


def _with_first(rows: _Rows) -> _Rows:
    """Return the rows with the first line among them."""
    return replace(rows, body=(rows.header, *rows.body)) if rows.header else rows


def _unread(head: bytes, *, is_whole: bool, is_told: bool) -> NotATable:
    """Return why no delimiter gives a table: mostly because the header does not end."""
    first, end, _ = head.lstrip().partition(b"\n")
    is_open = not end if not is_whole else first.count(b'"') % 2 == 1
    names = first[:_LONG_NAMES].decode("utf-8", "replace").replace('"', "")
    known = max(sum(field_of(_name(name)) is not None for name in names.split(one)) for one in DELIMITERS)
    if not is_told and (not is_open or known < _LEAST_KNOWN):
        return NotATable(Fault.NO_TABLE)
    if is_whole:
        return NotATable(Fault.OPEN_QUOTE, "it has no header, or a header with an open quote")
    return NotATable(Fault.TOO_LONG, f"its header does not end within {len(head)} bytes; a quote may be left open")
