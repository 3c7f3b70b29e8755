"""The cells of a row of a table: how delimiter, quotes and escapes work together.

Four ways of writing are in use:

- quotes, and a quote in a cell is doubled (RFC 4180, Excel, Python's csv module),
- quotes, and a quote in a cell follows an escape (Spark, MySQL with ENCLOSED BY),
- no quotes, and a delimiter or line break in a cell follows an escape (MySQL, ``COPY`` of
  PostgreSQL),
- neither, so that no cell holds a delimiter or a line break.

A line here is a text without its line end. A row may take several lines.
"""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import NamedTuple

NULL = "N"
"""The letter that after an escape, alone in a cell, stands for a value that is missing."""

_Match = Callable[[str], re.Match[str] | None]

_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "", "Z": "\x1a"}
"""What a letter after an escape stands for in a table without quotes, by the manuals of
PostgreSQL (COPY, "Text Format") and MySQL (LOAD DATA). A NUL character becomes nothing."""


class Cells:
    """Reads rows that are written in one way. ``quote`` and ``escape`` may be "".

    ``escapes_unquoted`` tells that an escape counts in cells without quotes too.

    ``strict`` returns the cells of a row, or None if a quote is out of place or left open. A CR in
    the row is a letter.
    """

    def __init__(self, delimiter: str, quote: str, escape: str, *, escapes_unquoted: bool = False) -> None:
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
        self.strict: Callable[[str], list[str] | None]
        if quote and not escape:
            self.strict = _doubled_reader(delimiter, quote)
        elif quote:
            self.strict = _pattern_reader(delimiter, quote, escape, is_strict=True, escapes_unquoted=escapes_unquoted)
        else:
            self.strict = _escaped_reader(delimiter, escape) if escape else lambda row: row.split(delimiter)

    def unquoted(self, line: str) -> list[str]:
        """Return the cells if each delimiter ends a cell, whatever the quotes say."""
        quote = self.quote
        return [
            cell[1:-1].replace(quote * 2, quote) if len(cell) > 1 and cell[0] == cell[-1] == quote else cell
            for cell in line.split(self.delimiter)
        ]

    def lenient(self, row: str) -> list[str] | None:
        """Return the cells if a quote that neither begins nor ends a cell is a letter."""
        return self._lenient(row) if self.quote else self.strict(row)

    def is_open(self, line: str, *, inside: bool) -> bool:
        """Tell whether a line ends within a cell that goes on in the next line.

        ``inside`` tells whether the line begins within one. Quotes count as in ``lenient``.
        """
        if self.quote:
            return (inside or self.quote in line) and self._open_after[inside](line) is not None
        if not self.escape or not line.endswith(self.escape):
            return False
        return (len(line) - len(line.rstrip(self.escape))) % 2 == 1

    def has_stray(self, line: str, *, inside: bool) -> bool:
        """Tell whether a quote in a line is out of place."""
        return self.quote != "" and self.quote in line and self._well_formed[inside](line) is None

    @cached_property
    def _lenient(self) -> Callable[[str], list[str] | None]:
        return _pattern_reader(self.delimiter, self.quote, self.escape, is_strict=False)

    @cached_property
    def _open_after(self) -> tuple[_Match, _Match]:
        quoted, unquoted = _patterns(self.delimiter, self.quote, self.escape, is_strict=False)
        opened = rf"{_whole_cells(quoted, unquoted, self.delimiter)}{quoted.opening}{quoted.inside}"
        after = rf"{quoted.inside}(?:{quoted.closing}{re.escape(self.delimiter)}{opened})?"
        return re.compile(opened).fullmatch, re.compile(after).fullmatch

    @cached_property
    def _well_formed(self) -> tuple[_Match, _Match]:
        quoted, unquoted = _patterns(self.delimiter, self.quote, self.escape, is_strict=True)
        last = rf"(?:{quoted.opening}{quoted.inside}(?:{quoted.closing})?|{unquoted})"
        row = _whole_cells(quoted, unquoted, self.delimiter) + last
        after = rf"{quoted.inside}(?:{quoted.closing}(?:{re.escape(self.delimiter)}{row})?)?"
        return re.compile(row).fullmatch, re.compile(after).fullmatch


@lru_cache(maxsize=64)
def cells_of(delimiter: str, quote: str, escape: str, *, escapes_unquoted: bool = False) -> Cells:
    """Return the reader of a way of writing. Its patterns are compiled once."""
    return Cells(delimiter, quote, escape, escapes_unquoted=escapes_unquoted)


class _Quoted(NamedTuple):
    """The patterns of the parts of a quoted cell. Spaces may stand around the quotes."""

    opening: str
    inside: str
    closing: str


def _patterns(delimiter: str, quote: str, escape: str, *, is_strict: bool) -> tuple[_Quoted, str]:
    """Return the patterns of a quoted and of an unquoted cell.

    ``is_strict`` allows only the quotes around a cell, and those that are doubled or escaped.
    """
    split, mark, quote = re.escape(delimiter), re.escape(escape), re.escape(quote)
    inside = rf"[^{quote}{mark}]++|{quote}{quote}"
    if escape:
        inside += rf"|{mark}(?:.|\n|\Z)"
    if is_strict:
        unquoted = rf"(?:[^{split}{quote}\n]++" + (rf"|(?<={mark}){quote})*+" if escape else ")*+")
    else:
        inside += rf"|{quote}(?! *+(?:{split}|\Z))"
        unquoted = rf"(?! *+{quote})[^{split}]*+"
    return _Quoted(rf" *+{quote}", rf"(?:{inside})*+", rf"{quote} *+"), unquoted


def _whole_cells(quoted: _Quoted, unquoted: str, delimiter: str) -> str:
    """Return the pattern of any number of cells with their delimiters."""
    return rf"(?:(?:{''.join(quoted)}|{unquoted}){re.escape(delimiter)})*+"


def _doubled_reader(delimiter: str, quote: str) -> Callable[[str], list[str] | None]:
    """Return a reader of rows in which a quote in a cell is doubled.

    It cuts the row at its quotes, which takes a fraction of the time of the csv module. A pattern
    reads the rows for which that is not enough.
    """
    by_pattern = _pattern_reader(delimiter, quote, "", is_strict=True)
    doubled, held, ends = quote * 2, "\0", ("", delimiter)

    def read(row: str) -> list[str] | None:
        cells = None if held in row else cut(row)
        return by_pattern(row) if cells is None else cells

    def cut(row: str) -> list[str] | None:
        """Return the cells, or None if a quote stands where this function does not expect it."""
        has_doubled = doubled in row
        parts = (row.replace(doubled, held) if has_doubled else row).split(quote)
        last = len(parts) - 1
        if last % 2:
            return None
        cells: list[str] = []
        if last == 2 and not has_doubled:  # one quoted cell, as in most rows of news
            before, inside, after = parts
            if before[-1:] in ends and after[:1] in ends and "\n" not in before and "\n" not in after:
                cells = before[:-1].split(delimiter) if before else cells
                cells.append(inside)
                return cells + after[1:].split(delimiter) if after else cells
        for number in range(0, last + 1, 2):
            unquoted = parts[number]
            if number:
                quoted = parts[number - 1]
                cells.append(quoted.replace(held, quote) if has_doubled else quoted)
                if unquoted == delimiter and number < last:
                    continue
                if unquoted[:1] != delimiter:
                    return cells if number == last and not unquoted else None
                unquoted = unquoted[1:]
            if number < last:
                if unquoted[-1:] != delimiter:
                    if number or unquoted:
                        return None
                    continue
                unquoted = unquoted[:-1]
            if "\n" in unquoted or held in unquoted:
                return None
            cells += unquoted.split(delimiter)
        return cells

    return read


def _pattern_reader(
    delimiter: str, quote: str, escape: str, *, is_strict: bool, escapes_unquoted: bool = False
) -> Callable[[str], list[str] | None]:
    quoted, unquoted = _patterns(delimiter, quote, escape, is_strict=is_strict)
    unquoted = unquoted if is_strict else rf"[^{re.escape(delimiter)}]*+"
    cell = re.compile(
        rf"(?:{quoted.opening}({quoted.inside}){quoted.closing}|({unquoted}))({re.escape(delimiter)}|\Z)"
    ).match
    mark = re.escape(escape)
    twice = re.escape(quote * 2)
    doubled = re.compile(rf"{mark}([{re.escape(quote)}{mark}0])|{twice}" if escape else twice).sub
    missing = escape + NULL if escape else ""

    def letter(found: re.Match[str]) -> str:
        return quote if not escape or found[1] is None else _LETTERS.get(found[1], found[1])

    def plain(text: str, *, has_escapes: bool) -> str:
        if quote in text or (has_escapes and escape in text):
            return doubled(letter, text)
        return text

    def read(row: str) -> list[str] | None:
        cells, place = [], 0
        while found := cell(row, place):
            inside, text, end = found.groups()
            if inside is not None:
                cells.append(plain(inside, has_escapes=escape != ""))
            elif escapes_unquoted:
                cells.append("" if text == missing else plain(text, has_escapes=True))
            else:
                cells.append("" if text == missing else text)
            place = found.end()
            if not end:
                return cells
        return None

    return read


def _escaped_reader(delimiter: str, escape: str) -> Callable[[str], list[str] | None]:
    mark, split = re.escape(escape), re.escape(delimiter)
    cell = re.compile(rf"(?s:((?:[^{mark}{split}]++|{mark}.)*+)({split}|\Z))").match
    escaped = re.compile(rf"(?s:{mark}(.))").sub
    missing = escape + NULL

    def letter(found: re.Match[str]) -> str:
        return _LETTERS.get(found[1], found[1])

    def read(row: str) -> list[str] | None:
        if escape not in row:
            return row.split(delimiter)
        cells, place = [], 0
        while found := cell(row, place):
            text, end = found.groups()
            cells.append("" if text == missing else escaped(letter, text) if escape in text else text)
            place = found.end()
            if not end:
                return cells
        return None

    return read
