"""How the cells of a table are quoted and escaped, told by a sample of its rows."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from newslake.schemas.raw import SourceSettings
from newslake.transforms.files.tables.cells import Cells, cells_of
from newslake.transforms.files.tables.sample import SAMPLE_RECORDS, Record, Sample, SampleLine, records_of, with_header

_LEAST_STRAYS = 3
"""So many quotes out of place show that quotes are letters. Fewer are faults in a few rows."""
LEAST_SHARE = 0.8
"""So much of the rows has the header's number of cells in a table; the rest may be damaged."""


def best_quoting(lines: Sequence[SampleLine], delimiter: str, settings: SourceSettings, *, is_whole: bool) -> Sample:
    """Return the rows by the way of writing that fits the sample best, for one delimiter."""

    def read(quote: str, escape: str) -> Sample:
        records = islice(records_of(lines, cells_of(delimiter, quote, escape), is_whole=is_whole), SAMPLE_RECORDS)
        return with_header(cells_of(delimiter, quote, escape), list(records), settings)

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
        if plain.share > best.share and (has_escapes or (are_letters and plain.share >= LEAST_SHARE)):
            return plain
        if has_escapes and are_letters and plain.share == best.share:
            return plain
    return best


def _are_quotes_letters(rows: Sample) -> bool:
    """Tell whether more quotes in the sample are out of place than stand around a cell."""
    quoted = sum(is_quoted(row, cell, rows.cells) for row in rows.body for cell in row.cells or ())
    return quoted <= rows.strays and not any(needs_quotes(row, rows.cells) for row in rows.body)


def _quote_of(lines: Sequence[SampleLine], delimiter: str) -> str:
    """Return the quote of a table: ``"``, or ``'`` if it stands around all cells of the header."""
    header = next((line.text for line in lines if line.text.strip()), "")
    is_single = all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in header.split(delimiter))
    return "'" if is_single else '"'


def needs_quotes(row: Record, cells: Cells) -> bool:
    """Tell whether a row has a cell whose quotes are no letters of it."""
    return any(_is_quoted_by_need(row, cell, cells) for cell in row.cells or ())


def is_quoted(row: Record, cell: str, cells: Cells) -> bool:
    """Tell whether a cell stands in quotes."""
    quote = cells.quote
    written = cell.replace(cells.escape, cells.escape * 2) if cells.escape else cell
    written = written.replace(quote, (cells.escape or quote) + quote)
    return quote != "" and quote + written + quote in row.text


def _is_quoted_by_need(row: Record, cell: str, cells: Cells) -> bool:
    """Tell whether the quotes of a cell are no letters of it: it holds a delimiter or a quote.

    A cell with line breaks shows nothing, because a stray quote can make it of several rows.
    """
    if len(row.lines) > 1 or not cells.quote:
        return False
    return cells.delimiter in cell or (cells.quote in cell and is_quoted(row, cell, cells))


def _quoted_cells(cells: Cells) -> re.Pattern[str]:
    """Return the pattern of what stands between quotes, if backslashes are escapes."""
    quote, split = re.escape(cells.quote), re.escape(cells.delimiter)
    inside = rf"(?:[^{quote}\\]++|\\.|{quote}{quote})*+"
    return re.compile(rf"(?s:(?:^|(?<={split})){quote}({inside}){quote}(?={split}|$))")


def _escapes_quotes(rows: Sample) -> bool:
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


def _doubles_quotes(rows: Sample) -> bool:
    """Tell whether a quote in a quoted cell is doubled. No writer both doubles and escapes."""
    doubled = rows.cells.quote * 2
    quoted = _quoted_cells(rows.cells)
    return any(doubled in cell for row in rows.body if doubled in row.text for cell in quoted.findall(row.text))


def escapes_unquoted(rows: Sample) -> bool:
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
