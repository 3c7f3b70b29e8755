"""CSV and TSV (RFC 4180) with a header line: where a large file may be cut, and its rows."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from schemas.raw import RawItem
from schemas.reject import Reason, Reject, Stage
from transforms.files.fields import FieldMapper
from transforms.files.jsonl import too_large
from transforms.files.lines import LongLine, read_lines

DELIMITERS = (",", ";", "\t", "|")
_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")


def delimiter_of(header: str) -> str:
    """The delimiter that the header line holds most of; a comma where it holds none."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: (outside.count(delimiter), delimiter == ","))


def row_boundaries(file: BinaryIO, start: int, size: int, delimiter: str, chunk_bytes: int, block_bytes: int = 1 << 24) -> list[int]:
    """Offsets at which rows begin, about ``chunk_bytes`` apart, from ``start``; only ``start`` where a quote stands out of place.

    A line break within quotes ends no row. Quotes are told by their parity, which holds as long as each one stands beside a delimiter, a
    line break or another quote; the whole file is read once for that, at the speed of the disk.
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
    """An article for each row from offset ``first`` to ``until``, where rows begin; rows that do not fit ``header`` are rejected."""
    csv.field_size_limit(max_record_bytes)
    lines = _Lines(read_lines(blocks, first, until, max_record_bytes))
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin_row()
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject(Stage.READ_ARTICLES, Reason.MALFORMED_ROW, source_uri, f"byte {lines.offset}: {error}", lines.raw())
            rows = csv.reader(lines, delimiter=delimiter)
            continue
        if lines.long is not None:
            offset, long = lines.long
            lines.long = None
            yield too_large(source_uri, offset, long.length, long.beginning)
            rows = csv.reader(lines, delimiter=delimiter)
        elif len(row) == len(header):
            values = {name: value for name, value in zip(header, row, strict=True) if name}
            yield mapper.article(values, source_uri, f"byte {lines.offset}", lines.raw(), lines.warnings())
        elif row:
            detail = f"byte {lines.offset}: {len(row)} columns, but the header has {len(header)}"
            yield Reject(Stage.READ_ARTICLES, Reason.MALFORMED_ROW, source_uri, detail, lines.raw())


class _Lines:
    """The lines that the csv module asks for, remembered until the row they make is done."""

    def __init__(self, lines: Iterator[tuple[int, bytes | LongLine]]) -> None:
        self._lines = lines
        self._row: list[bytes] = []
        self._is_repaired = False
        self.offset = 0
        self.long: tuple[int, LongLine] | None = None

    def begin_row(self) -> None:
        self._row, self._is_repaired = [], False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        offset, line = next(self._lines)
        if not self._row:
            self.offset = offset
        if isinstance(line, LongLine):
            self.long = offset, line
            return "\n"
        self._row.append(line)
        try:
            return line.decode("utf-8") + "\n"
        except UnicodeDecodeError:
            self._is_repaired = True
            return line.decode("utf-8", "replace") + "\n"

    def raw(self) -> bytes:
        return b"\n".join(self._row)

    def warnings(self) -> tuple[str, ...]:
        return ("invalid_utf8",) if self._is_repaired else ()
