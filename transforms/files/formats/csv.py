"""Tables with a header line: CSV, TSV and the like."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason
from newslake.transforms.files.formats.base import Head, Layout, Part, Refused
from newslake.transforms.files.tables.dialect import Fault, NotATable, find_table
from newslake.transforms.files.tables.rows import read_rows, row_boundaries

_QUOTED = re.compile(rb'"[^"]*"')
_REASONS = {
    Fault.NO_HEADER: Reason.NO_HEADER,
    Fault.OPEN_QUOTE: Reason.MALFORMED_ROW,
    Fault.TOO_LONG: Reason.TOO_LARGE,
}


class CsvFormat:
    name = "csv"
    is_text = True

    def recognise(self, head: Head) -> Layout | Refused | None:
        told = head.settings
        is_told = head.is_told or bool(told.delimiter or told.header or told.skip_rows)
        table = find_table(head.text, told, is_whole=head.is_whole, is_told=is_told)
        if not isinstance(table, NotATable):
            lines = len(table.skipped)
            notes = (f"lines before the header that were passed over: {lines}",) if lines else ()
            return Layout(table, table.start, has_columns=True, notes=notes)
        if table.fault is not Fault.NO_TABLE:
            return Refused(_REASONS[table.fault], table.detail, head.raw[:1000])
        if is_told:
            detail = "its first line names no columns; write header = [...], or remove the keys that say it is a table"
            return Refused(Reason.MALFORMED_ROW, detail, head.raw[:1000])
        return None

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        table = layout.details
        if not chunk_bytes or table.ends_with_cr or size - start <= chunk_bytes:
            return [(start, size)]
        return list(pairwise([*row_boundaries(file, table, start, size, chunk_bytes), size]))

    def read(self, part: Part) -> Iterator[RawItem]:
        yield from read_rows(
            part.blocks,
            part.source_uri,
            part.mapper,
            part.layout.details,
            first=part.first,
            until=part.until,
            max_record_bytes=part.max_record_bytes,
        )

    def count(self, sample: bytes, layout: Layout) -> int:
        sample = _QUOTED.sub(b"", sample).replace(b"\r\n", b"\n")
        sample = sample.replace(b"\r", b"\n") if layout.details.ends_with_cr else sample
        return sample.count(b"\n") + (not sample.endswith(b"\n"))


CSV = CsvFormat()
