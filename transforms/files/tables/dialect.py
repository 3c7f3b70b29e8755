"""What a table looks like: its delimiter, its quotes, its header, and where its rows begin.

The content alone tells it, from the beginning of a file. Only what the settings say comes first.
Prose, poems, logs and source code are no tables, although they hold commas and semicolons.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto

from newslake.schemas.raw import SourceSettings
from newslake.transforms.files.columns.mapper import field_of
from newslake.transforms.files.tables.cells import Cells
from newslake.transforms.files.tables.kinds import VALUES, VOID, is_kind, is_value, kind_of
from newslake.transforms.files.tables.quoting import (
    LEAST_SHARE,
    best_quoting,
    escapes_unquoted,
    is_quoted,
    needs_quotes,
)
from newslake.transforms.files.tables.sample import (
    LEAST_KNOWN,
    MOST_PREAMBLE,
    Record,
    Sample,
    SampleLine,
    known_names,
    lines_of,
    may_be_names,
    name_of,
)

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x01", "\x1f")
"""In the order of trust. Hive separates cells by U+0001, and U+001F is ASCII's unit separator."""
SWAP_LINE_ENDS = bytes.maketrans(b"\r\n", b"\n\r")
"""Lines that end with CR alone are read as lines that end with LF. An LF in a cell is then a CR."""
_MARK = b"\xef\xbb\xbf"
_SEPARATOR_LINE = re.compile(rb'\s*"?sep=([\t!#-/:-@\[-`{-~\x01\x1f])"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line with which a file tells Excel the delimiter. It is not the header."""
_QUOTED = re.compile(rb'"[^"]*"')
_QUOTED_WITH_ESCAPES = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_FIRST_LINES = 100
"""So many lines tell the delimiter. The other choices take the whole sample."""
_MOST_PREAMBLE_OF_STRANGE = 5
_LONG_PREAMBLE = 200
"""Before names that newslake does not know, a text may be prose with a table in it. So few and
short lines are not."""
_LEAST_ROWS_OF_TWO = 2
"""Two lines with a comma each are no table yet."""
_LONG_NAMES = 10_000
_LONG_TEXT = 60
"""The name of a column is shorter."""
_CODE = re.compile(r"\s*[\[({<].*|.*[;{}]\s*")
"""A line of code, or of JSON."""
_DASHES = re.compile(r"[-+|:=\s]*--[-+|:=\s]*")


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


def column_names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns; one without a name is called by its number."""
    return tuple(name or f"column_{number}" for number, name in enumerate(table.header, 1))


def is_names(table: Table, row: Sequence[str]) -> bool:
    """Tell whether a row repeats the header of its table."""
    return len(row) == len(table.header) and tuple(map(name_of, row)) == table.header


def begins_table(row: Sequence[str]) -> bool:
    """Tell whether a row looks like the header of another table, with names that are known."""
    return may_be_names(row) and known_names(row, SourceSettings()) >= LEAST_KNOWN


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
    lines = lines_of(head[begin:], begin + marks, is_whole=is_whole)[settings.skip_rows :]
    is_told = is_told or told is not None
    delimiter = settings.delimiter or (told[1].decode() if told else "")
    one_of = [
        one for one in (delimiter or DELIMITERS) if is_told or any(one in line.text for line in lines[:MOST_PREAMBLE])
    ]

    def best_of(delimiters: Iterable[str], sample: Sequence[SampleLine]) -> _Judged | None:
        ends = is_whole and len(sample) == len(lines)
        judged = (
            _judged(best_quoting(sample, one, settings, is_whole=ends), settings, is_told=is_told) for one in delimiters
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
class _Judged:
    """The rows by one delimiter, and the reason for which they are no table, or None."""

    rows: Sample
    fault: Fault | None
    known: int


def _rank(judged: _Judged) -> tuple[float, ...]:
    """Return how well the rows fit a table, as a tuple that grows with it."""
    order = (None, Fault.NO_HEADER, Fault.OPEN_QUOTE, Fault.NO_TABLE)
    rows = judged.rows
    return -order.index(judged.fault), judged.known, len(rows.names) > 1, rows.share, len(rows.names)


def _judged(rows: Sample, settings: SourceSettings, *, is_told: bool) -> _Judged:
    """Return the rows with the reason for which they are no table.

    Known names make a table, whatever its rows are. Other names need steady rows.
    """
    names, known = rows.names, known_names(rows.names, settings)
    if rows.header is None:
        is_table = bool(settings.header) and (is_told or _is_steady(rows))
        return _Judged(rows, None if is_table else Fault.NO_TABLE, known)
    if any(row.cells is None and len(rows.cells.unquoted(row.text)) == len(names) for row in rows.preamble):
        fault = Fault.OPEN_QUOTE if is_told or known >= LEAST_KNOWN else Fault.NO_TABLE
    elif not known and _begins_with_values(rows) and (is_told or _is_steady(rows)):
        fault = Fault.NO_HEADER
    elif is_told:
        return _Judged(rows, None, known)
    elif known >= LEAST_KNOWN and may_be_names(names) and not _is_drawn(rows):
        return _Judged(rows, None if not rows.preamble or rows.share > 0.5 else Fault.NO_TABLE, known)
    else:
        is_table = _are_strange_names(names) and bool(rows.body) and _is_steady(rows)
        return _Judged(rows, None if is_table else Fault.NO_TABLE, known)
    return _Judged(rows, fault, known)


def _are_strange_names(names: Sequence[str]) -> bool:
    """Tell whether cells look like the names of columns, although newslake does not know them.

    Only the first may be empty, as pandas writes it.
    """
    return len(names) > 1 and all(names[1:]) and len(set(names)) == len(names) and may_be_names(names)


def _is_steady(rows: Sample) -> bool:
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
    return rows.share >= LEAST_SHARE


def _is_drawn(rows: Sample) -> bool:
    """Tell whether a line of dashes follows the header, as in Markdown or as psql prints it."""
    return any(_DASHES.fullmatch(row.text) for row in rows.body[:1])


def _begins_with_values(rows: Sample) -> bool:
    """Tell whether the first line holds values like those below, and no names."""
    first = rows.header.cells if rows.header and rows.header.cells else []
    if not rows.body:
        return len(first) > 2 and any(map(is_value, first)) and any(len(cell) > _LONG_TEXT for cell in first)
    kinds = _kinds(_with_first(rows))
    has_value = any(
        kind in VALUES and cell.strip().lower() not in VOID and is_kind(kind, cell)
        for kind, cell in zip(kinds, first, strict=False)
    )
    if has_value and (len(first) > 2 or any(needs_quotes(row, rows.cells) for row in rows.body)):
        return True
    return len(first) > 1 and any(
        len(cell) > _LONG_TEXT
        and all(len(row.cells[number]) > _LONG_TEXT for row in rows.body if row.cells and row.width > number)
        for number, cell in enumerate(first)
    )


def _kinds(rows: Sample) -> tuple[str, ...]:
    """Return what the values of each column are."""
    width = len(rows.names)
    whole = [row.cells for row in rows.body if row.cells and row.width == width]
    return tuple(kind_of([cells[number].strip() for cells in whole]) for number in range(width))


def _is_whole(row: Record, cell: str, cells: Cells, width: int) -> bool:
    """Tell whether a cell with line breaks is no accident: a stray quote joins whole rows."""
    return cells.quote in cell or len(cells.unquoted(row.lines[0].text)) != width


def _table(rows: Sample, *, ends_with_cr: bool, first: int) -> Table:
    """Return the table of a sample; its rows begin at ``first`` if no line comes before them."""
    cells = rows.cells
    before = rows.header or (rows.preamble[-1] if rows.preamble else None)
    width = len(rows.names)
    quoted = {
        number
        for row in rows.body
        if row.width == width
        for number, cell in enumerate(row.cells or ())
        if (is_quoted(row, cell, cells) if len(row.lines) == 1 else "\n" in cell and _is_whole(row, cell, cells, width))
    }
    if rows.header and all(is_quoted(rows.header, cell, cells) for cell in rows.header.cells or ()):
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
        escapes_unquoted(rows),
    )


def _no_header(rows: Sample) -> str:
    """Return the sentence for a table whose first line holds values; it shows what to write."""
    sample = _with_first(rows)
    kinds = _kinds(sample)
    names = [f"column_{number}" for number in range(1, len(kinds) + 1)]
    for kind in ("date", "url"):
        if kind in kinds:
            names[kinds.index(kind)] = kind
    whole = [row.cells for row in sample.body if row.cells and row.width == len(kinds)]
    lengths = [sum(len(cells[number]) for cells in whole) for number in range(len(kinds))]
    texts = sorted((number for number, kind in enumerate(kinds) if not kind), key=lambda number: -lengths[number])
    for name, number in zip(("text", "title"), texts, strict=False):
        names[number] = name
    line = ", ".join(f'"{name}"' for name in names)
    return (
        "it has no header, because its first line holds values; "
        f"name its columns in its [[files]], as in: header = [{line}]"
    )


def _with_first(rows: Sample) -> Sample:
    """Return the rows with the first line among them."""
    return replace(rows, body=(rows.header, *rows.body)) if rows.header else rows


def _unread(head: bytes, *, is_whole: bool, is_told: bool) -> NotATable:
    """Return why no delimiter gives a table: mostly because the header does not end."""
    first, end, _ = head.lstrip().partition(b"\n")
    is_open = not end if not is_whole else first.count(b'"') % 2 == 1
    names = first[:_LONG_NAMES].decode("utf-8", "replace").replace('"', "")
    known = max(sum(field_of(name_of(name)) is not None for name in names.split(one)) for one in DELIMITERS)
    if not is_told and (not is_open or known < LEAST_KNOWN):
        return NotATable(Fault.NO_TABLE)
    if is_whole:
        return NotATable(Fault.OPEN_QUOTE, "it has no header, or a header with an open quote")
    return NotATable(Fault.TOO_LONG, f"its header does not end within {len(head)} bytes; a quote may be left open")
