"""Tables as people make them: line ends, quotes, and rows that do not fit.

Each line of a file ends in an article or in the payload of a reject.
"""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.columns.mapper import FieldMapper
from newslake.transforms.files.tables.dialect import NotATable, Table, find_table
from newslake.transforms.files.tables.rows import read_rows, row_boundaries

HEAD_BYTES = 256_000


def table_of(data: bytes, settings: SourceSettings | None = None) -> Table:
    found = find_table(data[:HEAD_BYTES], settings or SourceSettings(), is_whole=len(data) <= HEAD_BYTES, is_told=True)
    assert not isinstance(found, NotATable)
    return found


def read(
    data: bytes, settings: SourceSettings | None = None, *, chunk_bytes: int = 1 << 30, max_record_bytes: int = 10_000
) -> list[RawItem]:
    """Read a table in chunks of about so many bytes, in blocks of 50 bytes."""
    table = table_of(data, settings)
    cuts = row_boundaries(io.BytesIO(data), table, table.start, len(data), chunk_bytes, block_bytes=64)
    items: list[RawItem] = []
    for first, until in zip(cuts, [*cuts[1:], len(data)], strict=True):
        blocks = (data[place : place + 50] for place in range(first, len(data), 50))
        items += read_rows(
            blocks,
            "x",
            FieldMapper(settings or SourceSettings()),
            table,
            first=first,
            until=until,
            max_record_bytes=max_record_bytes,
        )
    return items


def told(items: list[RawItem]) -> list[str | None]:
    return [str(item.reason) if isinstance(item, Reject) else item.body for item in items]


def warnings(items: list[RawItem]) -> list[tuple[str, ...]]:
    return [item.warnings for item in items if isinstance(item, RawArticle)]


@pytest.mark.parametrize(
    ("data", "bodies"),
    [
        (b"title,text\ra,b\rc,d\r", ["b", "d"]),
        (b'title,text\ra,"b\nc"\rd,e', ["b\nc", "e"]),
        (b'title,text\ra,"b\r\nc"\rd,e', ["b\r\nc", "e"]),
        (b'"ti\ntle",text\na,b\n', ["b"]),
        (b'"a title; or\r\nnone","text"\r\na,b\r\n', ["b"]),
        (b"\n\r\n  \ntitle,text\na,b\n", ["b"]),
        (b"sep=;\r\ntitle;text\r\na;b,c\r\n", ["b,c"]),
        (b"title,text\na,b\n\n\n", ["b"]),
        (b"title,text\r\na,b\nc,d\r\n\re,f\rg,h\r\r\ni,j\n", ["b", "d", "f", "h", "j"]),
        (b'title,text\r\na,"b\r\nc"\r\nd,e\r\n', ["b\r\nc", "e"]),
        (b'title\ttext\tdate\na\tb\t\\N\nc\t5\\" or\\\n6\\\\\t2024-03-04\n', ["b", '5" or\n6\\']),
        (b'title,text\na,"say \\"b, c\\""\nd,"e\\\\"\n', ['say "b, c"', "e\\"]),
        (b"title,text\na,b\0c\n", ["bc"]),
        (b"title,text\na,b\n\xef\xbb\xbftitle,text\nc,d\n\xef\xbb\xbfe,f\n", ["b", "d", "f"]),
        (b"title,text\ng,h\na,b\xef\xbb\xbftitle,text\nc,d\xef\xbb\xbfe,f", ["h", "b", "d", "f"]),
        (b'"title", "text"\n"a, b", "c\nd"\n"e", "f"\n', ["c\nd", "f"]),
        (b'title,text\n"a b",5\\" x\nc,C:\\\\d\n"e, f\\"",g\n', ['5" x', "C:\\d", "g"]),
    ],
)
def test_line_ends_quotes_and_characters_of_every_kind(data: bytes, bodies: list[str]) -> None:
    assert told(read(data)) == bodies
    assert told(read(data, chunk_bytes=7)) == bodies


def test_cells_may_be_missing_at_the_end_or_empty_beyond_the_header() -> None:
    items = read(b"title,text,date\na,b\nc,d,2024-03-04\ne,f,2024-03-05,,\ng,h,2024-03-06,more\ni\n")
    assert told(items) == ["b", "d", "f", "malformed_row", "malformed_row"]
    assert warnings(items) == [("short_row",), (), ()]
    assert [item.payload for item in items[3:]] == [b"g,h,2024-03-06,more", b"i"]


def test_the_first_value_of_columns_of_one_name_counts_and_a_second_gives_a_warning() -> None:
    items = read(b"title,text,title\nA,a,B\nC,c,\n,d,D\n")
    assert [(item.headline, item.warnings) for item in items if isinstance(item, RawArticle)] == [
        ("A", ("duplicate_column",)),
        ("C", ()),
        ("D", ()),
    ]


def test_a_header_amid_the_rows_gives_no_article_and_a_warning_in_every_chunk() -> None:
    data = b"title,text\n" + b"a,b\ntitle,text\nc,d\n" * 20
    for chunk_bytes in (1, 4, 30, 1 << 30):
        items = read(data, chunk_bytes=chunk_bytes)
        assert told(items) == ["b", "d"] * 20
        assert warnings(items) == [(), ("repeated_header",)] * 20


def test_a_joined_file_with_another_header_is_named() -> None:
    items = read(b"title,text,date\na,b,2024-03-04\n\xef\xbb\xbfdate,title,text\n2024-03-05,c,d\n")
    assert told(items) == ["b", "malformed_row", "c"]
    assert isinstance(items[1], Reject)
    assert "another header" in items[1].detail


STRAY = b"""id,title,text,date
1,"Mill stays,It was sold on Friday,2024-03-01
2,Ferry,It was moved on Monday,2024-03-02
3,Quay",It was closed,2024-03-03
4,Reef,It was opened,2024-03-04
"""
QUOTING = b"""id,title,text,date
1,Mill,"The list, as sent:
id,title,text,date
7,Ferry,It was moved,2024-03-02
8,Quay,It was closed,2024-03-03
and no more",2024-03-01
2,Reef,"It was opened",2024-03-04
"""


def test_a_stray_quote_that_swallows_rows_costs_none_of_them() -> None:
    for data in (STRAY, STRAY.replace(b"\n", b"\r\n"), STRAY.replace(b",", b"\t")):
        items = read(data)
        assert [item.source_id for item in items if isinstance(item, RawArticle)] == ["1", "2", "3", "4"]
        assert warnings(items) == [("stray_quote",), (), ("stray_quote",), ()]
        assert told(read(data, chunk_bytes=5)) == told(items)


def test_a_cell_that_quotes_a_table_stays_whole() -> None:
    (first, second) = read(QUOTING)
    assert isinstance(first, RawArticle)
    assert first.body is not None
    assert first.body.count("\n") == 4
    assert (first.warnings, first.dates) == ((), (("field", "2024-03-01"),))
    assert told([second]) == ["It was opened"]


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    items = read(b'title,text\n1,"5 inch\n2,b\n3,"c"\n4,d\n')
    assert told(items) == ['"5 inch', "b", "c", "d"]
    assert warnings(items) == [("stray_quote",), (), (), ()]
    assert told(read(b'title,text,date\n1,a,2024-03-01\n2,"b,2024-03-02\n3,c,2024-03-03\n')) == ["a", '"b', "c"]


def test_a_quoted_cell_that_is_never_closed_takes_no_other_row_along() -> None:
    rows = b'7,a,"b, c",2024-03-01\n8,d,"e,2024-03-02\n9,f,"g\nh",2024-03-03\n'
    items = read(b"id,title,text,date\n" + rows)
    assert told(items) == ["b, c", '"e', "g\nh"]
    assert warnings(items)[0] == warnings(items)[2] == ()


def test_lines_that_look_like_rows_in_a_column_that_is_often_quoted_give_a_warning() -> None:
    data = b'id,date,text\n1,2024-03-01,"a, b"\n2,2024-03-02,"see:\n3,2024-03-03,c\n4,2024-03-04,d"\n'
    items = read(data)
    assert told(items) == ["a, b", "see:\n3,2024-03-03,c\n4,2024-03-04,d"]
    assert warnings(items) == [(), ("rows_in_cell",)]


def test_a_file_that_ends_in_a_quoted_cell_gives_one_reject() -> None:
    items = read(b'id,title,text\n1,a,b\n2,c,"first line\nsecond line\nthird')
    assert told(items) == ["b", "malformed_row"]
    assert items[1].payload == b'2,c,"first line\nsecond line\nthird'


@pytest.mark.parametrize(
    ("cell", "body"),
    [
        ('"a" b', '"a" b'),
        ('"He said "hi" to me"', 'He said "hi" to me'),
        ('"He said "hi" to me\nand left"', 'He said "hi" to me\nand left'),
        ('5" disk', '5" disk'),
    ],
)
def test_a_quote_out_of_place_within_a_cell_is_read_as_text(cell: str, body: str) -> None:
    (item, after) = read(f"id,text,date\n1,{cell},2024-03-04\n2,b,2024-03-05\n".encode())
    assert isinstance(item, RawArticle)
    assert (item.body, item.dates) == (body, (("field", "2024-03-04"),))
    assert item.warnings == ("stray_quote",)
    assert told([after]) == ["b"]


def test_a_row_over_the_limit_is_one_reject_and_the_next_rows_are_read() -> None:
    long = b"x" * 12_000
    for data in (b"title,text\na," + long + b"\nc,d\n", b'title,text\na,"' + long + b'"\nc,d\n'):
        items = read(data)
        assert told(items) == ["too_large", "d"]


@given(st.lists(st.text(st.sampled_from('ab"",,'), max_size=8), max_size=8))
def test_every_line_ends_in_an_article_or_in_a_reject(lines: list[str]) -> None:
    marked = [f"{number}{line}" if line else "" for number, line in enumerate(lines)]
    items = read(("title,text\n" + "\n".join(marked)).encode())
    met = [line for item in items if item.payload for line in item.payload.decode().split("\n") if line]
    assert met == [line for line in marked if line]
