"""Each format and compression: what is read, what is repaired, and what is refused by name."""

import bz2
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.columns.mapper import FieldMapper, missing_columns, plan_fields
from newslake.transforms.files.find import FileMatch, FilePattern, match_patterns
from newslake.transforms.files.formats.base import Head, Item, Layout, Part
from newslake.transforms.files.formats.json import JSON
from newslake.transforms.files.formats.text import DOCUMENTS
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk
from newslake.transforms.storage import compression


def read(data: bytes, name: str = "x", **settings: Any) -> list[Item]:
    planned = plan_chunks(FileMatch(name, len(data), 0.0), lambda _: io.BytesIO(data), SourceSettings(**settings))
    if isinstance(planned, Reject):
        return [planned]
    return [item for chunk in planned for item in read_chunk(chunk, lambda _: io.BytesIO(data))]


def told(items: Sequence[Item]) -> list[str | None]:
    """Return the text of each article, and the reason of each reject."""
    assert all(isinstance(item, RawArticle | Reject) for item in items)
    return [str(item.reason) if isinstance(item, Reject) else item.body for item in items]  # type: ignore[union-attr]


ROWS = [{"text": "one"}, {"text": 'two "]}" \\ {['}, {"text": "three", "more": [{"a": [1]}]}]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
TEXTS = [row["text"] for row in ROWS]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'{"title": 1}\n{"title": 2}\n', "json"),
        (b'{\n  "title": 1\n}\n', "json"),
        (b' [{"title": 1}]', "json"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "feed"),
        (b'{"version": "1.0", "title": "t", "home_page_url": "https://x.example/", "items": [{"id": 1}]}', "feed"),
        (b'{"title": "t", "items": [{"title": "a", "content_text": "b"}]}', "feed"),
        (b'{"title": "t", "items": [{"title": "a", "text": "b"}]}', "json"),
        (b"<?xml version='1.0'?><rss>", "feed"),
        (b"title;text\na;b\n", "csv"),
        (b"date 2023-03 One. ", "documents"),
        (b"date 2023-13 One. ", "text"),
        (b"A text, with a comma, and more.\n", "text"),
        (b"[Update] The mayor has left.\n", "text"),
        (b"{{Infobox}} The mayor has left.\n", "text"),
        (b'{"title": "broken\n{"title": "b"}', "json"),
    ],
)
def test_the_content_tells_the_format_and_no_name_does(head: bytes, kind: str) -> None:
    assert format_planned(head) == kind


@pytest.mark.parametrize("indent", [None, 2])
@given(size=st.integers(1, 40))
def test_an_array_is_read_element_by_element_whatever_the_blocks(indent: int | None, size: int) -> None:
    data = json.dumps(ROWS, indent=indent).encode()
    blocks = (data[place : place + size] for place in range(0, len(data), size))
    layout = JSON.recognise(Head(data, data, True, SourceSettings()))
    assert isinstance(layout, Layout)
    assert told(list(JSON.read(part(blocks, layout)))) == TEXTS


def part(blocks: Iterator[bytes], layout: Layout, **more: Any) -> Part:
    settings = SourceSettings()
    return Part("x", settings, layout, FieldMapper(settings), blocks, 0, 1 << 62, 1000, **more)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'[{"text": "a"}, 7, {"text": "b"}]', ["a", "not_an_object", "b"]),
        (b'[{"text": "a"}, {"text": "b"', ["a", "truncated"]),
        (b'[{"text": "a"}, {"text": b}, {"text": "c"}]', ["a", "invalid_json", "c"]),
        (b'{\n"text": "a"\n}\n{\n"text": "b"\n}', ["a", "b"]),
        (b"[]", ["empty"]),
    ],
)
def test_broken_json_documents_keep_their_good_elements(data: bytes, expected: list[str]) -> None:
    assert told(read(data, "x.json")) == expected


COMPRESSORS = {
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


@pytest.mark.parametrize("name", COMPRESSORS)
def test_compressed_lines_in_one_member_or_two(name: str) -> None:
    compress = COMPRESSORS[name]
    assert told(read(compress(LINES))) == TEXTS
    assert told(read(compress(LINES) + compress(LINES))) == TEXTS * 2


@pytest.mark.parametrize("name", COMPRESSORS)
def test_a_cut_archive_gives_what_comes_before(name: str) -> None:
    many = b"".join(json.dumps({"text": f"{number} {hash(str(number))}"}).encode() + b"\n" for number in range(200_000))
    found = told(read(COMPRESSORS[name](many)[:-2000]))
    assert found[-1] == "truncated"
    assert 1000 < len(found) < 200_000


def test_a_damaged_archive_is_named() -> None:
    data = bytearray(gzip.compress(LINES * 5000))
    data[len(data) // 2] ^= 0xFF
    assert told(read(bytes(data)))[-1] in ("corrupt", "truncated")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_nul_bytes_show_utf_16_and_utf_32_without_a_mark(encoding: str) -> None:
    assert told(read('{"text": "café"}\n{"text": "b"}\n'.encode(encoding))) == ["café", "b"]
    for before in ("", "\n  ", "<!-- a comment -->"):
        assert format_planned(f"{before}<?xml version='1.0'?><rss><title>Мост</title></rss>".encode(encoding)) == "feed"


def test_a_nul_in_a_feed_does_not_make_it_a_program() -> None:
    assert format_planned(b"<?xml version='1.0'?><rss><title>A\0B</title></rss>") == "feed"
    assert format_planned(b"\x7fELF\x02\x01\x01\0\0") == "binary"
    assert told(read(b"text\0text" + b"\0" * 5000)) == ["texttext"]


def format_planned(data: bytes) -> str:
    planned = plan_chunks(FileMatch("x.xml", len(data), 0), lambda _: io.BytesIO(data), SourceSettings())
    return planned.reason if isinstance(planned, Reject) else planned[0].format


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_names_the_encoding(encoding: str) -> None:
    assert told(read('{"text": "café"}\n{"text": "b"}\n'.encode(encoding))) == ["café", "b"]
    assert told(read("title,text\na,café\n".encode(encoding), "x.csv")) == ["café"]


def test_an_encoding_of_the_configuration_is_used() -> None:
    assert told(read('{"text": "café"}\n'.encode("windows-1252"), encoding="windows-1252")) == ["café"]


def test_rows_that_do_not_fit_the_header_are_rejected() -> None:
    assert told(read(b"title,text\na,b\na,b,c\na\nd,e\n", "x.csv")) == ["b", "malformed_row", "malformed_row", "e"]


def test_parquet_rows_of_several_groups() -> None:
    import datetime as dt

    table = pa.table({"text": ["a", "b", "c"], "published": [dt.datetime(2023, 3, 20, 12, tzinfo=dt.UTC)] * 3})
    stream = io.BytesIO()
    pq.write_table(table, stream, row_group_size=2)
    items = read(stream.getvalue())
    assert told(items) == ["a", "b", "c"]
    assert all(
        isinstance(item, RawArticle) and item.dates == (("field", "2023-03-20T12:00:00+00:00"),) for item in items
    )
    assert told(read(stream.getvalue()[:-10])) == ["corrupt"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n", "empty"), (gzip.compress(b"", mtime=0), "empty"), (b"\x00\x01", "binary")],
)
def test_a_file_without_text_is_refused_by_name(data: bytes, reason: str) -> None:
    (reject,) = read(data)
    assert isinstance(reject, Reject)
    assert (str(reject.reason), reject.whole_source) == (reason, True)


def test_fields_are_found_by_their_usual_names_and_the_configuration_comes_first() -> None:
    plan = dict(plan_fields(["Title", "pub_date", "article-body", "Kop", "DATE"], (("Kop", "headline"),)))
    assert plan == {"headline": ("Kop", "Title"), "body": ("article-body",), "date": ("pub_date", "DATE")}


def test_values_of_every_kind_become_text() -> None:
    row = {
        "id": 123456789012345678901234567890,
        "date": 1679320000,
        "authors": [{"name": "Ann"}, "Bob"],
        "tags": "a; b,c",
        "text": ["One.", "Two."],
        "title": {"x": 1},
        "desk": [1, 2],
    }
    article = FieldMapper(SourceSettings(extra=("desk",))).article(row, "x", "1", b"")
    assert (article.source_id, article.dates) == ("123456789012345678901234567890", (("field", "1679320000"),))
    assert (article.bylines, article.keywords, article.body) == (("Ann", "Bob"), ("a", "b", "c"), "One.\n\nTwo.")
    assert (article.headline, article.warnings, article.extra) == (None, ("unusable_headline",), {"desk": [1, 2]})


@pytest.mark.parametrize(
    ("text", "is_html"), [("a < b & c > d", False), ("<p>a</p>", True), ("a&nbsp;b", True), ("AT&T", False)]
)
def test_markup_is_told_from_signs(text: str, is_html: bool) -> None:
    assert FieldMapper(SourceSettings()).article({"text": text}, "x", "1", b"").html is is_html


def test_each_file_is_matched_once_and_a_pattern_without_files_is_rejected(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "c[1].jsonl"):
        (tmp_path / name).write_text("{}")
    first, second = SourceSettings(publisher="first"), SourceSettings(publisher="second")
    patterns = [
        FilePattern(str(tmp_path / "a.jsonl"), first),
        FilePattern(str(tmp_path / "*.jsonl"), second),
        FilePattern(str(tmp_path / "c[1].jsonl"), first),
        FilePattern(str(tmp_path / "none-*"), first),
        FilePattern(str(tmp_path / "missing"), first),
    ]
    found, rejects = match_patterns(patterns, lambda _: [])
    assert [(Path(match.uri).name, pattern.settings.publisher) for match, pattern in found] == [
        ("a.jsonl", "first"),
        ("b.jsonl", "second"),
        ("c[1].jsonl", "second"),
    ]
    assert [str(reject.reason) for reject in rejects] == ["no_match", "missing"]


def test_a_header_of_foreign_names_is_a_table_where_the_settings_map_them() -> None:
    foreign = b"kop;inhoud;datum\nA;one;2023\n"
    assert told(read(foreign, fields=(("kop", "headline"), ("inhoud", "body")))) == ["one"]
    (refused,) = read(foreign)
    assert isinstance(refused, Reject)
    assert (str(refused.reason), refused.whole_source) == ("no_columns", True)
    assert "'kop', 'inhoud', 'datum'" in refused.detail


def test_columns_that_are_configured_and_not_there_are_named() -> None:
    settings = SourceSettings(fields=(("kopp", "headline"), ("inhoud", "body")), extra=("desk", "kopp"))
    assert missing_columns(("kop", "inhoud"), settings) == ["kopp", "desk"]


def test_a_document_may_be_indented_and_begins_with_its_date_all_the_same() -> None:
    items = read(b"\n \t date 2023-03 One.\n   date 2024 Two.\n")
    assert [(item.body, item.dates) for item in items if isinstance(item, RawArticle)] == [
        ("One.", (("body_prefix", "2023-03"),)),
        ("Two.", (("body_prefix", "2024"),)),
    ]


BLANKS = ("\n \t ", "\f", "\u00a0", "\u3000\u2003", "\r\n\ufeff")


@pytest.mark.parametrize("blank", BLANKS)
def test_white_space_of_any_kind_may_stand_before_a_date(blank: str) -> None:
    items = read(f"{blank}date 2023-03 One.\n{blank}date 2024 Two.\n".encode())
    assert [(item.body or "").strip() for item in items if isinstance(item, RawArticle) and item.dates] == [
        "One.",
        "Two.",
    ]
    assert len(items) == 2


def test_text_before_the_first_date_is_a_document_without_one() -> None:
    data = b"Preface.\nMore.\ndate 2023 One.\n"
    items = list(DOCUMENTS.read(part(iter([data]), Layout())))
    assert [(item.body, item.dates) for item in items if isinstance(item, RawArticle)] == [
        ("Preface.\nMore.", ()),
        ("One.", (("body_prefix", "2023"),)),
    ]
    assert told(list(DOCUMENTS.read(part(iter([data]), Layout(), begins_file=False)))) == ["One."]


@pytest.mark.parametrize("data", [b"null", b"42\n", b'"hello"', b"true"])
def test_a_single_json_value_is_no_article(data: bytes) -> None:
    assert told(read(data)) == ["not_an_object"]


@pytest.mark.parametrize("name", COMPRESSORS)
def test_bytes_after_the_last_member_are_reported_and_zeros_are_padding(name: str) -> None:
    data = COMPRESSORS[name](LINES.rstrip(b"\n"))
    assert told(read(data + b"\0" * 2_000_000)) == TEXTS
    assert told(read(data + b"garbage")) == [*TEXTS, "corrupt"]
    assert told(read(data + b"\0\0\0\0\0\0garbage")) == [*TEXTS, "corrupt"]
    assert told(read(data + b"!")) == [*TEXTS, "corrupt"]


def test_a_frame_to_be_skipped_is_no_garbage() -> None:
    data = COMPRESSORS["zstd"](LINES)
    assert told(read(data + b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + data)) == TEXTS * 2


def test_a_member_that_begins_at_the_end_of_a_block_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = gzip.compress(LINES)
    for size in (len(data) + 1, len(data) + 3):
        monkeypatch.setattr(compression, "BLOCK_BYTES", size)
        assert told(read(data * 2)) == TEXTS * 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_configured_encoding_without_a_mark_is_little_endian(encoding: str) -> None:
    data = '{"text": "café"}\n'.encode(f"{encoding}-le")
    assert told(read(data, encoding=encoding)) == ["café"]
    assert told(read('{"text": "café"}\n'.encode(encoding), encoding=encoding)) == ["café"]


@pytest.mark.parametrize(
    "data", [b"", b"\n", b" " * 70_000, b"\n" * 200_000, b"\xef\xbb\xbf", b"[]", b",", b'"', b"sep=;\n", b"\xc2\xa0"]
)
def test_no_file_vanishes_from_the_counts(data: bytes) -> None:
    for content in (data, gzip.compress(data)):
        for encoding in (None, "utf-8", "utf-16"):
            match, settings = FileMatch("x", len(content), 0.0), SourceSettings(encoding=encoding)
            planned = plan_chunks(match, lambda _, content=content: io.BytesIO(content), settings, chunk_bytes=1000)  # type: ignore[misc]
            if not isinstance(planned, Reject):
                assert any(list(read_chunk(chunk, lambda _, content=content: io.BytesIO(content))) for chunk in planned)  # type: ignore[misc]


def test_a_source_with_a_limit_is_one_chunk_whatever_its_format() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": ["a", "b", "c"]}), stream, row_group_size=1)
    for data in (stream.getvalue(), LINES, b"title,text\na,b\nc,d\n"):
        planned = plan_chunks(
            FileMatch("x", len(data), 0.0),
            lambda _, data=data: io.BytesIO(data),
            SourceSettings(),
            is_one_chunk=True,
            chunk_bytes=1,
        )  # type: ignore[misc]
        assert not isinstance(planned, Reject)
        (chunk,) = planned
        assert len(list(read_chunk(chunk, lambda _, data=data: io.BytesIO(data)))) > 1  # type: ignore[misc]
