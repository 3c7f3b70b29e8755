"""The first rows of what may be a table, and the one that names its columns."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newslake.schemas.raw import SourceSettings
from newslake.transforms.files.columns.mapper import field_of
from newslake.transforms.files.tables.cells import Cells
from newslake.transforms.files.tables.kinds import is_value

SAMPLE_RECORDS = 1_000
MOST_PREAMBLE = 30
"""The header stands among so many records. Tools that export write fewer lines before it."""
LEAST_KNOWN = 2
"""So many names of our fields make a line a header. A line of prose may hold one by chance."""
_MOST_LINES_OF_CELL = 2_000
"""A quote that is open for more lines of the sample is out of place."""
_NAME = re.compile(r"""[\w#%№@$*("'-][\w\s.:/()\[\]#%&*№@$+'"’°?!-]{0,63}""")
_MOST_WORDS_OF_NAME = 6
"""A name of more words is a sentence."""


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A line without its line end, its offset, and the offset of the next one."""

    text: str
    start: int
    end: int


def lines_of(head: bytes, offset: int, *, is_whole: bool) -> list[SampleLine]:
    """Return the lines of a text that begins at ``offset``, without the last if it may be cut."""
    raw = head.split(b"\n")
    last = raw.pop()
    lines = []
    for line in [*raw, last] if is_whole and last.strip(b"\0") else raw:
        text = line.decode("utf-8", "replace").replace("\0", "").removesuffix("\r")
        lines.append(SampleLine(text, offset, offset + len(line) + 1))
        offset += len(line) + 1
    return lines


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the sample: its lines, and its cells, or None if a quote is out of place."""

    lines: tuple[SampleLine, ...]
    cells: list[str] | None

    @property
    def width(self) -> int:
        """The number of cells; 0 if a quote is out of place."""
        return len(self.cells) if self.cells else 0

    @property
    def text(self) -> str:
        return "\n".join([line.text for line in self.lines])


def records_of(lines: Sequence[SampleLine], cells: Cells, *, is_whole: bool) -> Iterator[Record]:
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
            yield Record(record or (line,), row)
        place += max(size, 1)


def _lines_of_row(lines: Sequence[SampleLine], place: int, cells: Cells) -> int:
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
class Sample:
    """The rows of a sample, as one way of writing gives them.

    ``header`` is None if the settings give the names.
    """

    cells: Cells
    names: tuple[str, ...]
    preamble: tuple[Record, ...]
    header: Record | None
    body: tuple[Record, ...]

    @property
    def share(self) -> float:
        """How much of the rows has the header's number of cells. A short row counts half."""
        width = len(self.names)
        good = sum(1.0 if row.width == width else 0.5 if 1 < row.width < width else 0.0 for row in self.body)
        return good / len(self.body) if self.body else 1.0

    @property
    def strays(self) -> int:
        """The number of rows with a quote out of place."""
        return sum(row.cells is None for row in self.body)


def with_header(cells: Cells, records: list[Record], settings: SourceSettings) -> Sample:
    """Return the records as lines before the header, header, and rows."""
    if settings.header:
        return Sample(cells, settings.header, (), None, tuple(records))
    place = _place_of_header(records, settings)
    if place is None:
        return Sample(cells, (), (), None, tuple(records))
    header, body = records[place], records[place + 1 :]
    names = tuple(map(name_of, header.cells or ()))
    if body and all(row.width == len(names) + 1 and row.cells and row.cells[-1] for row in body):
        names = ("", *names)  # R and pandas leave out the name of the column of row names
    return Sample(cells, names, tuple(records[:place]), header, tuple(body))


def _place_of_header(records: Sequence[Record], settings: SourceSettings) -> int | None:
    """Return the number of the record that names the columns: by known names, else by its cells.

    It has as many cells as most records. Return None if there is no such record.
    """
    first = records[:MOST_PREAMBLE]
    for place, record in enumerate(first):
        if may_be_names(record.cells or ()) and known_names(record.cells or (), settings) >= LEAST_KNOWN:
            return place
    widths = Counter(record.width for record in records if record.width > 1)
    width = max(widths, key=lambda width: (widths[width], width), default=1)
    return next((place for place, record in enumerate(first) if record.width == width), None)


def name_of(cell: str) -> str:
    """Return the name of a column in one line, as its cell in the header gives it."""
    return " ".join(cell.lstrip("\ufeff").split())


def known_names(names: Iterable[str], settings: SourceSettings) -> int:
    """Return how many names are those of our fields, here or in the settings."""
    configured = {column for column, _ in settings.fields}
    return sum(name_of(name) in configured or field_of(name_of(name)) is not None for name in names)


def may_be_names(cells: Sequence[str]) -> bool:
    """Tell whether all cells that are not empty look like names: short, and no values."""
    names = [name for name in map(name_of, cells) if name]
    if names == [str(number) for number in range(len(names))]:
        return len(names) > 1  # so pandas names columns without names
    return bool(names) and all(
        _NAME.fullmatch(name) and name.count(" ") < _MOST_WORDS_OF_NAME and not is_value(name) for name in names
    )
