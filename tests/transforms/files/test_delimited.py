"""Tables as people make them: headers, line ends and quotes.

Each line of a file ends in an article or in the payload of a reject.
"""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.match import FileMatch, plan_chunks
from newslake.transforms.files.read import read_chunk


def read(data: bytes, name: str = "x.csv", chunk_bytes: int = 1 << 30) -> list[RawItem]:
    planned = plan_chunks(
        FileMatch(name, len(data), 0.0), lambda _: io.BytesIO(data), SourceSettings(), chunk_bytes=chunk_bytes
    )
    if isinstance(planned, Reject):
        return [planned]
    return [item for chunk in planned for item in read_chunk(chunk, lambda _: io.BytesIO(data))]


def told(items: list[RawItem]) -> list[str | None]:
    return [str(item.reason) if isinstance(item, Reject) else item.body for item in items]


@pytest.mark.parametrize(
    ("data", "bodies"),
    [
        (b"title,text\ra,b\rc,d\r", ["b", "d"]),
        (b'title,text\ra,"b\nc"\rd,e', ["b\nc", "e"]),
        (b'"ti\ntle",text\na,b\n', ["b"]),
        (b'"a title; or\r\nnone","text"\r\na,b\r\n', ["b"]),
        (b"\n\r\n  \ntitle,text\na,b\n", ["b"]),
        (b"sep=;\r\ntitle;text\r\na;b,c\r\n", ["b,c"]),
        (b'\xef\xbb\xbf"sep=^"\n\ntitle^text\na^b\n', ["b"]),
        (b"title,text\na,b\n\n\n", ["b"]),
    ],
)
def test_headers_and_line_ends_of_every_kind(data: bytes, bodies: list[str]) -> None:
    assert told(read(data)) == bodies
    assert told(read(data, "x.csv", 7)) == bodies


def test_a_table_is_known_by_its_separator_line_or_header_whatever_its_name() -> None:
    assert told(read(b"sep=;\nkop;text\na;b\n", "x")) == ["b"]
    assert told(read(b"title,text\ra,b\r", "x")) == ["b"]


@pytest.mark.parametrize(
    ("data", "reason", "word"),
    [
        (b"title,text\n", "empty", "header and no rows"),
        (b"title,text", "empty", "header and no rows"),
        (b"title,text\n" + b"\n" * 200, "empty", "header and no rows"),
        (b",".join(b"column%d" % number for number in range(9_000)) + b"\na,b\n", "too_large", "64000"),
        (b"\n" * 70_000 + b"title,text\na,b\n", "too_large", "64000"),
        (b'"title,text\na,b\n', "malformed_row", "quote"),
        (b"sep=;\n", "malformed_row", "no header"),
    ],
)
def test_a_table_without_rows_or_a_usable_header_is_one_reject_of_the_whole(
    data: bytes, reason: str, word: str
) -> None:
    for chunk_bytes in (10, 1 << 30):
        (reject,) = read(data, "x.csv", chunk_bytes)
        assert isinstance(reject, Reject)
        assert (str(reject.reason), reject.whole_source) == (reason, True)
        assert word in reject.detail


def test_the_first_value_of_columns_of_one_name_counts_and_a_second_gives_a_warning() -> None:
    items = read(b"title,text,title\nA,a,B\nC,c,\n,d,D\n")
    assert [(item.headline, item.warnings) for item in items if isinstance(item, RawArticle)] == [
        ("A", ("duplicate_column",)),
        ("C", ()),
        ("D", ()),
    ]


def test_a_stray_quote_costs_its_own_line_only() -> None:
    items = read(b'title,text\n1,"5 inch\n2,b\n3,"c"\n4,d\n')
    assert told(items) == ["malformed_row", "b", "c", "d"]
    assert items[0].payload == b'1,"5 inch'
    assert told(read(b'title,text\n1,"open\n2,b\n')) == ["malformed_row", "b"]


def test_a_quote_out_of_place_within_a_line_is_read_with_a_warning() -> None:
    (item,) = read(b'title,text\n1,"a" b\n')
    assert isinstance(item, RawArticle)
    assert (item.body, item.warnings) == ("a b", ("stray_quote",))


@given(st.lists(st.text(st.sampled_from('ab"",,'), max_size=8), max_size=8))
def test_every_line_ends_in_an_article_or_in_a_reject(lines: list[str]) -> None:
    marked = [f"{number}{line}" if line else "" for number, line in enumerate(lines)]
    items = read(("title,text\n" + "\n".join(marked)).encode())
    met = [line for item in items if item.payload for line in item.payload.decode().split("\n") if line]
    assert met == [line for line in marked if line]
