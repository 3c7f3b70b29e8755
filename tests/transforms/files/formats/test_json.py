"""JSON in every arrangement: each object arrives once, whole, whatever stands around it."""

import gzip
import io
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.formats.base import Item
from newslake.transforms.files.json_rows import find_rows, rows_of_columns
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk

EXAMPLES = 2_000 if os.environ.get("NEWSLAKE_STRESS") else 25

Row = dict[str, Any]


def read(data: bytes, chunk_bytes: int = 8_000_000) -> list[Item]:
    match = FileMatch("x", len(data), 0.0)
    planned = plan_chunks(match, lambda _: io.BytesIO(data), SourceSettings(), chunk_bytes=chunk_bytes)
    if isinstance(planned, Reject):
        return [planned]
    return [item for chunk in planned for item in read_chunk(chunk, lambda _: io.BytesIO(data))]


def told(items: list[Item]) -> list[tuple[str | None, str | None] | str]:
    return [
        str(item.reason) if isinstance(item, Reject) else (item.headline, item.body)
        for item in items
        if isinstance(item, RawArticle | Reject)
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map("a{}".format)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"title": TEXTS, "text": TEXTS},
        optional={
            "url": st.just("https://n.example/1"),
            "tags": st.lists(TEXTS, max_size=2),
            "meta": st.just({"a": [{}]}),
        },
    ),
    min_size=1,
    max_size=8,
)


def lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


ARRANGEMENTS = {
    "lines": lines,
    "lines with commas": lambda rows: ",\n".join(json.dumps(row) for row in rows) + "\n",
    "lines with CRLF and blank ones": lambda rows: "\r\n\r\n".join(json.dumps(row) for row in rows),
    "array": json.dumps,
    "laid out array": lambda rows: json.dumps(rows, indent=2, ensure_ascii=False),
    "array of lines": lambda rows: "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]",
    "laid out objects": lambda rows: "\n".join(json.dumps(row, indent=1) for row in rows),
    "joined": lambda rows: "".join(json.dumps(row) for row in rows),
    "sequence": lambda rows: "".join(f"\x1e{json.dumps(row)}\n" for row in rows),
    "laid out sequence": lambda rows: "".join(f"\x1e{json.dumps(row, indent=2)}\n" for row in rows),
    "joined arrays": lambda rows: "".join(json.dumps([row]) + "\n" for row in rows),
    "NewsAPI": lambda rows: json.dumps({"status": "ok", "totalResults": len(rows), "articles": rows}),
    "NYT": lambda rows: json.dumps({"status": "OK", "response": {"docs": rows, "meta": {"hits": 3}}}, indent=1),
    "pages": lambda rows: "".join(
        json.dumps({"page": n, "data": {"posts": {"nodes": [row]}}}) + "\n" for n, row in enumerate(rows)
    ),
    "by keys": lambda rows: json.dumps({f"a{n}": row for n, row in enumerate(rows)}),
    "columns": lambda rows: json.dumps(columns(rows, lambda cells: {str(n): cell for n, cell in enumerate(cells)})),
    "columns of lists": lambda rows: json.dumps(columns(rows, list)),
    "split": lambda rows: json.dumps(
        {
            "columns": ["title", "text"],
            "index": list(range(len(rows))),
            "data": [[row["title"], row["text"]] for row in rows],
        }
    ),
    "schema": lambda rows: json.dumps({"schema": {"fields": [{"name": "title", "type": "string"}]}, "data": rows}),
}


def cells(rows: list[Row]) -> list[list[str]]:
    return [[row["title"], row["text"]] for row in rows]


def columns(rows: list[Row], made: Any) -> dict[str, Any]:
    return {name: made([row[name] for row in rows]) for name in ("title", "text")}


@pytest.mark.parametrize("name", ARRANGEMENTS)
@given(rows=ROWS, compressed=st.booleans())
@settings(max_examples=EXAMPLES)
def test_every_object_arrives_whole_in_every_arrangement(name: str, rows: list[Row], compressed: bool) -> None:
    data = ARRANGEMENTS[name](rows).encode("utf-8", "surrogatepass")
    found = read(gzip.compress(data) if compressed else data)
    assert told(found) == [(row["title"], row["text"]) for row in rows]


@given(rows=ROWS, chunk_bytes=st.integers(1, 300))
@settings(max_examples=EXAMPLES)
def test_lines_are_read_once_wherever_the_file_is_cut(rows: list[Row], chunk_bytes: int) -> None:
    assert told(read(lines(rows).encode(), chunk_bytes)) == [(row["title"], row["text"]) for row in rows]


@pytest.mark.parametrize("name", [name for name in ARRANGEMENTS if name not in ("sequence", "lines with commas")])
def test_a_document_of_which_the_head_shows_a_part_is_read_as_a_small_one(name: str) -> None:
    found = read(ARRANGEMENTS[name](LARGE).encode())
    assert told(found) == [(row["title"], row["text"]) for row in LARGE]


LARGE = [{"title": f"Story {n}", "text": f"text {n} " * 400, "comments": [{"text": "no"}]} for n in range(300)]


def damaged() -> Iterator[tuple[bytes, list[str]]]:
    yield b'{"title": "a"}\n{"title": "b\n{"title": "c"}\n', ["a", "invalid_json", "c"]
    yield b'[{"title": "a"}, 7, {"title": "b"}]', ["a", "not_an_object", "b"]
    yield b'[{"title": "a"}, {"title": "b"', ["a", "truncated"]
    yield b'{"articles": [{"title": "a"}, {"title": "b"', ["truncated"]
    yield b'\x1e{"title": "a"}\n\x1e{"title": "b\n\x1e{"title": "c"}\n', ["a", "invalid_json", "c"]
    yield b'{"title": "a\0"}\n{"title": "b"}\n' + bytes(2_000_000), ["a", "b"]
    yield b'{"title": "a"}\n\xef\xbb\xbf{"title": "b"}\n', ["a", "b"]
    yield b'{"title": "a"}\n[{"title": "b"}, {"title": "c"}]\n{"title": "d"}\n', ["a", "b", "c", "d"]
    yield b'{"status": "ok", "articles": []}', ["empty"]
    yield b'{"articles": [{"title": "a"}, {}, {"mood": 1}, 7, {"title": "b"}]}', ["a", None, None, "not_an_object", "b"]
    yield json.dumps({"a": LARGE, "b": LARGE}).encode(), [*(row["title"] for row in LARGE), "not_an_object"]


@pytest.mark.parametrize(("data", "expected"), list(damaged()))
def test_a_damaged_document_keeps_its_good_objects(data: bytes, expected: list[str]) -> None:
    assert [one if isinstance(one, str) else one[0] for one in told(read(data))] == expected


def gives_article(row: Row) -> bool:
    return "title" in row or "text" in row


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ({"title": "a", "comments": [{"text": "no"}]}, None),
        ({"kop": "a", "comments": [{"text": "no"}]}, None),
        ({"kop": "a", "x": [{"b": 1}], "y": [{"c": 1}]}, None),
        ({"hits": {"hits": [{"_id": 1, "x": {"title": "a"}}]}}, [{"title": "a"}]),
        ({"a": [{"title": "a"}], "b": [{"title": "b"}]}, [{"title": "a"}, {"title": "b"}]),
        ({"data": {"article": {"title": "a"}}}, [{"title": "a"}]),
        ({"title": "Daily", "articles": [{"title": "a"}]}, [{"title": "a"}]),
        ({"title": "Roundup", "text": "One", "articles": [{"title": "a"}]}, None),
        ({"feed": {"title": "Daily"}, "items": [{"title": "a"}]}, [{"title": "a"}]),
        ({"artikelen": [{"kop": "a"}, {"kop": "b"}], "aantal": 2}, [{"kop": "a"}, {"kop": "b"}]),
        ({"title": {"rendered": "a"}, "text": {"rendered": "b"}}, None),
    ],
)
def test_a_wrapper_is_told_from_an_article_with_parts(value: Row, rows: list[Row] | None) -> None:
    assert find_rows(value, gives_article, lambda row: "text" in row) == ([value] if rows is None else rows)


def test_paragraphs_are_no_columns() -> None:
    assert rows_of_columns({"title": "a", "text": ["one", "two"]}) is None
    assert rows_of_columns({"title": {"main": "a"}, "text": {"main": "b"}}) is None
