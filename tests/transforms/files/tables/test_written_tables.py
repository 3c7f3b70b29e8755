"""Tables as Python, Spark, MySQL and Excel write them come back as they were written."""

import csv
import io
import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.columns.mapper import FieldMapper
from newslake.transforms.files.tables.dialect import NotATable, Table, find_table
from newslake.transforms.files.tables.rows import read_rows, row_boundaries

SEEDS = 3_000 if os.environ.get("NEWSLAKE_STRESS") else 150
Rows = list[list[str]]
HEADERS = [
    ["id", "title", "text", "date", "url"],
    ["title", "text"],
    ["date", "Title", "Text"],
    ["Kop", "Tekst", "Wie"],
]
WORDS = [
    "mill",
    "ferry,",
    "quay;",
    "the",
    '"stay"',
    '5"',
    "it's",
    "C:\\dir",
    "\\n",
    '\\"x',
    "a|b",
    "tab\tx",
    "été",
    "мост",
    "新聞",
]
LETTERS = 'ab ,;"\\\n\t|é新'
BREAKS = [" "] * 9 + ["\n", "\n\n", "\r\n"]


class KeptRows(FieldMapper):
    """Keeps each row as it is, in ``extra``."""

    def article(
        self, row: dict[str, Any], source_uri: str, position: str, payload: bytes, warnings: tuple[str, ...] = ()
    ) -> RawArticle:
        return RawArticle(source_uri, position, extra=dict(row), warnings=warnings, payload=payload)


def text(chance: random.Random, most: int) -> str:
    if chance.random() < 0.3:
        return "".join(chance.choice(LETTERS) for _ in range(chance.randint(0, most)))
    return "".join(chance.choice(WORDS) + chance.choice(BREAKS) for _ in range(chance.randint(1, most))).strip()


def made_rows(chance: random.Random) -> Rows:
    header = chance.choice(HEADERS)
    rows = [header]
    for number in range(chance.randint(1, 12)):
        values = {"id": str(number), "date": f"2024-03-{number + 1:02}", "url": f"https://a.example/{number}"}
        rows.append([values.get(name) or text(chance, 30) for name in header])
    return rows


def by_python(rows: Rows, chance: random.Random) -> tuple[str, Rows]:
    options: list[dict[str, Any]] = [
        {},
        {"quoting": csv.QUOTE_ALL, "lineterminator": chance.choice(["\r", "\n"])},
        {"quoting": csv.QUOTE_NONNUMERIC},
        {"doublequote": False, "escapechar": "\\"},
        {"quoting": csv.QUOTE_NONE, "escapechar": "\\", "lineterminator": "\n"},
    ]
    file = io.StringIO()
    csv.writer(file, delimiter=chance.choice(",;\t|"), **chance.choice(options)).writerows(rows)
    return file.getvalue(), rows


def by_spark(rows: Rows, chance: random.Random) -> tuple[str, Rows]:
    """Write as DataFrameWriter.csv does: cells are trimmed, and a backslash escapes a quote."""
    delimiter = chance.choice(",;\t|")

    def cell(value: str) -> str:
        if value and not any(mark in value for mark in (delimiter, '"', "\n", "\r")):
            return value
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    trimmed = [[value.strip() for value in row] for row in rows]
    return "".join(delimiter.join(map(cell, row)) + "\n" for row in trimmed), trimmed


def by_mysql(rows: Rows, chance: random.Random) -> tuple[str, Rows]:
    """Write as SELECT ... INTO OUTFILE does, without quotes or with ENCLOSED BY."""
    if chance.random() < 0.5:
        lines = [
            "\t".join(value.replace("\\", "\\\\").replace("\t", "\\\t").replace("\n", "\\\n") for value in row)
            for row in rows
        ]
        return "".join(line + "\n" for line in lines), rows
    delimiter = chance.choice(",;\t")
    lines = [
        delimiter.join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in row) for row in rows
    ]
    return "".join(line + "\n" for line in lines), rows


def by_excel(rows: Rows, chance: random.Random) -> tuple[str, Rows]:
    """Write as "CSV UTF-8" does: CRLF ends a row, and LF breaks a line in a cell."""
    delimiter = chance.choice(",;\t")
    rows = [[value.replace("\r\n", "\n") for value in row] for row in rows]

    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if any(mark in value for mark in (delimiter, '"', "\n")) else value

    told = chance.choice(["", f"sep={delimiter}\r\n"])
    return told + "".join(delimiter.join(map(cell, row)) + "\r\n" for row in rows), rows


def read(data: bytes, table: Table, block_bytes: int, chunk_bytes: int) -> list[RawItem]:
    cuts = row_boundaries(io.BytesIO(data), table, table.start, len(data), chunk_bytes)
    items: list[RawItem] = []
    for first, until in zip(cuts, [*cuts[1:], len(data)], strict=True):
        blocks = (data[place : place + block_bytes] for place in range(first, len(data), block_bytes))
        mapper = KeptRows(SourceSettings())
        items += read_rows(blocks, "x", mapper, table, first=first, until=until, max_record_bytes=1_000_000)
    return items


def without_doubled_backslashes(row: dict[str, Any] | None) -> dict[str, str]:
    """Return a row in which one backslash stands for several.

    A file in which all backslashes come in pairs does not tell whether they are escapes.
    """
    return {name: "\\".join(filter(None, value.split("\\"))) for name, value in (row or {}).items()}


@pytest.mark.parametrize("write", [by_python, by_spark, by_mysql, by_excel])
def test_what_was_written_comes_back_and_nothing_is_lost_or_joined_silently(
    write: Callable[[Rows, random.Random], tuple[str, Rows]],
) -> None:
    whole = 0
    for seed in range(SEEDS // 4):
        chance = random.Random(seed)
        written, rows = write(made_rows(chance), chance)
        data = written.encode()
        table = find_table(data, SourceSettings(), is_whole=True)
        if isinstance(table, NotATable):
            assert table.detail, (seed, written)
            continue
        items = read(data, table, chance.choice([7, 50, 1 << 20]), 1 << 30)
        assert read(data, table, 1 << 20, chance.choice([1, 20, 100])) == items, (seed, written)
        expected = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        got = [item.extra for item in items if isinstance(item, RawArticle)]
        whole += got == expected and len(got) == len(items)
        plain = [without_doubled_backslashes(row) for row in expected]
        silent = [item.extra for item in items if isinstance(item, RawArticle) and not item.warnings]
        assert all(without_doubled_backslashes(row) in plain for row in silent), (seed, written)
        named = any(isinstance(item, Reject) or item.warnings for item in items)
        assert named or [without_doubled_backslashes(row) for row in got] == plain, (seed, written)
    assert whole >= 0.99 * (SEEDS // 4) - 1
