"""WARC files: pages become articles, all else is counted, and damage is named."""

import gzip
import io
import random
import re
import zlib
from collections import Counter
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from news_pages import LAYOUTS

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.formats.base import Skipped
from newslake.transforms.files.formats.warc import looks_like_warc, read_warc
from newslake.transforms.files.pages import text as pagetext
from newslake.transforms.storage.compression import read_blocks

pytest.importorskip("trafilatura", reason="the extra html is not installed")
brotli = pytest.importorskip("brotli", reason="the extra html is not installed")
warcwriter = pytest.importorskip("warcio.warcwriter", reason="warcio is not installed")
from warcio.statusandheaders import StatusAndHeaders  # noqa: E402

TEXT = "The council opened the old harbour on Monday, after nine months of work near the market. "
LIMIT = 1_000_000
HTML = [("Content-Type", "text/html; charset=utf-8")]


def page(number: int) -> bytes:
    return f"<html><head><title>Story {number}</title></head><body><p>{TEXT * 3}</p></body></html>".encode()


class Archive:
    """A WARC file, written by warcio."""

    def __init__(self, *, is_gzip: bool = False, version: str = "1.1") -> None:
        self._file = io.BytesIO()
        self._writer = warcwriter.WARCWriter(self._file, gzip=is_gzip, warc_version=version)

    def add(
        self,
        body: bytes,
        headers: list[tuple[str, str]] = HTML,
        *,
        status: str = "200 OK",
        kind: str = "response",
        url: str = "https://x.example/1",
        record_type: str | None = None,
        fields: dict[str, str] | None = None,
    ) -> None:
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind in ("response", "revisit") else None
        if kind == "request":
            http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x.example")], is_http_request=True)
        record = self._writer.create_warc_record(
            url,
            kind,
            io.BytesIO(body),
            http_headers=http,
            warc_content_type=record_type or "",
            warc_headers_dict=fields,
        )
        self._writer.write_record(record)

    def info(self) -> None:
        self._writer.write_record(self._writer.create_warcinfo_record("x.warc", {"software": "test"}))

    @property
    def data(self) -> bytes:
        return self._file.getvalue()


def read(data: bytes, size: int = 1 << 20, limit: int = LIMIT, **settings: Any) -> list[RawItem | Skipped]:
    blocks = (data[place : place + size] for place in range(0, len(data), size))
    return list(read_warc(blocks, "x.warc", SourceSettings(**settings), max_record_bytes=limit))


def told(items: list[RawItem | Skipped]) -> list[str | None]:
    """Return the headlines of articles, the reasons of rejects, the kinds of what is skipped."""
    return [
        str(item.reason) if isinstance(item, Reject) else item.kind if isinstance(item, Skipped) else item.headline
        for item in items
    ]


def only(items: list[RawItem | Skipped]) -> RawArticle:
    (item,) = items
    assert isinstance(item, RawArticle), item
    return item


@pytest.mark.parametrize(
    "head", [b"WARC/1.0\r\n", b"WARC/1.1\r\nWARC-Type: x", b"\r\n\r\nWARC/0.18\r\n", b"WARC/1.0\n"]
)
def test_a_warc_file_is_told_by_its_first_line(head: bytes) -> None:
    assert looks_like_warc(head)


@pytest.mark.parametrize("head", [b"", b"WARC", b"WARC/1.0 is a format of archives.\r\n", b"A WARC/1.0\r\n", b"<html>"])
def test_other_files_are_no_warc(head: bytes) -> None:
    assert not looks_like_warc(head)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("size", [13, 1 << 20])
def test_pages_are_articles_and_other_records_are_skipped_by_kind(version: str, size: int) -> None:
    archive = Archive(version=version)
    archive.info()
    archive.add(b"", kind="request")
    archive.add(page(1))
    archive.add(page(2), status="404 Not Found")
    archive.add(b"", status="301 Moved", headers=[("Location", "/b")])
    archive.add(b"\x89PNG", [("Content-Type", "image/png")])
    archive.add(b"{}", [("content-type", "Application/JSON; charset=utf-8")])
    archive.add(b"x", [("Content-Type", "not a type")])
    archive.add(page(3), [("Content-Type", "APPLICATION/xhtml+xml")])
    archive.add(page(4), [])
    archive.add(b"text", [])
    archive.add(b"", kind="revisit")
    archive.add(page(5), kind="resource", record_type="text/html")
    archive.add(b"a: b", kind="metadata", record_type="application/warc-fields")
    archive.add(page(6), kind="conversion", record_type="text/html")
    archive.add(page(7), fields={"WARC-Segment-Number": "1"})
    archive.add(b"x", kind="response", url="dns:x.example", record_type="text/dns")
    expected = ["warcinfo", "request", "Story 1", "status 404", "status 301", "type image/png", "type application/json"]
    expected += [
        "unknown type",
        "Story 3",
        "Story 4",
        "no type",
        "revisit",
        "Story 5",
        "metadata",
        "conversion",
        "segment",
    ]
    assert told(read(archive.data, size))[: len(expected)] == expected
    assert len(read(archive.data, size)) == 17


def test_an_article_has_the_address_and_no_date_of_its_record() -> None:
    archive = Archive()
    archive.add(page(1), url="https://x.example/a b", fields={"WARC-Date": "2024-03-04T10:00:00Z"})
    article = only(read(archive.data, source="s"))
    assert (article.url, article.dates, article.source) == ("https://x.example/a%20b", (), "s")
    assert (article.body_source, article.position, article.payload) == ("page", "byte 0", page(1))
    in_brackets = archive.data.replace(b"https://x.example/a b", b"<https://x.example/c>")
    assert only(read(in_brackets)).url == "https://x.example/c"


def test_a_record_without_an_http_address_has_that_of_its_page() -> None:
    archive = Archive()
    own = b"<link rel=canonical href='https://x.example/own'>" + page(1)
    archive.add(own, kind="resource", url="urn:page:1", record_type="text/html")
    assert only(read(archive.data)).url == "https://x.example/own"


def test_the_charset_of_the_header_counts_and_the_configured_one_before_it() -> None:
    cyrillic = "<title>Мост открыт</title><p>Мост".encode("koi8-r")
    for charset in ("koi8-r", '"KOI8-R"', " 'koi8-r'"):
        archive = Archive()
        archive.add(cyrillic, [("Content-Type", f"text/html; charset={charset}")])
        assert only(read(archive.data)).headline == "Мост открыт"
    archive = Archive()
    archive.add(cyrillic, [("Content-Type", "text/html; charset=windows-1251")])
    assert only(read(archive.data, encoding="koi8-r")).headline == "Мост открыт"


def chunked(data: bytes) -> bytes:
    parts = [data[place : place + 100] for place in range(0, len(data), 100)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_encodings_of_the_body_are_undone_also_where_the_archive_has_undone_them(name: str, is_chunked: bool) -> None:
    headers = [*HTML, ("Content-Encoding", name)] + [("Transfer-Encoding", "chunked")] * is_chunked
    packed = ENCODERS[name](page(1))
    for body in (packed, page(1), chunked(packed)) if is_chunked else (packed, page(1)):
        archive = Archive()
        archive.add(body, headers)
        article = only(read(archive.data))
        assert (article.headline, article.warnings) == ("Story 1", ())


def test_several_encodings_are_undone_from_the_last() -> None:
    archive = Archive()
    archive.add(
        gzip.compress(brotli.compress(page(1))), [*HTML, ("Content-Encoding", "br"), ("Content-Encoding", "gzip")]
    )
    assert only(read(archive.data)).headline == "Story 1"


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_too_large(name: str) -> None:
    archive = Archive()
    archive.add(ENCODERS[name](b"<p>" + b"\0" * 5_000_000), [*HTML, ("Content-Encoding", name)])
    archive.add(page(2))
    assert told(read(archive.data)) == ["too_large", "Story 2"]


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_cut_is_read_as_far_as_it_goes_and_named(name: str) -> None:
    noise = random.Random(1).randbytes(150_000).hex()
    packed = ENCODERS[name](page(1) + f"<!-- {noise} -->".encode())
    archive = Archive()
    archive.add(packed[: len(packed) * 2 // 3], [*HTML, ("Content-Encoding", name)])
    article = only(read(archive.data))
    assert (article.headline, article.warnings) == ("Story 1", (pagetext.PAGE_CUT,))


def test_a_body_that_is_damaged_is_corrupt() -> None:
    archive = Archive()
    packed = bytearray(gzip.compress(page(1)))
    packed[len(packed) // 2] ^= 0xFF
    archive.add(bytes(packed), [*HTML, ("Content-Encoding", "gzip")])
    archive.add(page(2))
    items = read(archive.data)
    assert told(items) == ["corrupt", "Story 2"]
    assert isinstance(items[0], Reject)
    assert "https://x.example/1" in items[0].detail


def test_a_page_that_the_crawler_cut_is_named() -> None:
    archive = Archive()
    archive.add(page(1)[:-30], fields={"WARC-Truncated": "length"})
    assert only(read(archive.data)).warnings == (pagetext.PAGE_CUT,)


def test_large_records_are_passed_over_or_refused() -> None:
    archive = Archive()
    archive.add(b"\0" * 3_000_000, [("Content-Type", "video/mp4")])
    archive.add(b"<p>" * 1_000_000)
    archive.add(page(1))
    items = read(archive.data)
    assert told(items) == ["type video/mp4", "too_large", "Story 1"]
    assert isinstance(items[1], Reject)
    assert len(items[1].payload) == 64_000


def test_a_page_without_content_is_a_reject() -> None:
    archive = Archive()
    archive.add(b"")
    archive.add(b"<html></html>")
    assert told(read(archive.data)) == ["no_content", "no_content"]


def three() -> bytes:
    archive = Archive()
    for number in (1, 2, 3):
        archive.add(page(number), url=f"https://x.example/{number}")
    return archive.data


@given(st.integers(1, 2_500), st.sampled_from([1, 17, 1 << 20]))
def test_a_file_that_is_cut_anywhere_gives_what_comes_before(cut: int, size: int) -> None:
    data = three()
    place = max(len(data) - cut, 1)
    ends = [found.start() for found in re.finditer(rb"\r\n\r\n(?:(?=WARC/1.1)|\Z)", data)]
    whole = sum(end <= place for end in ends)
    found = told(read(data[:place], size))
    assert found[:whole] == ["Story 1", "Story 2", "Story 3"][:whole]
    assert set(found[whole:]) <= {"truncated", "corrupt", f"Story {whole + 1}"}
    assert len(found) in (whole, whole + 1)


_LENGTH_OF = rb"(Content-Length: )\d+(?=\r\n\r\nHTTP[^W]*Story %d)"


@pytest.mark.parametrize("size", [11, 1 << 20])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"(2</title>)", rb"\1<meta name=grown>"),
        (rb"(Story 2</title>)</head>", rb"\1"),
        (_LENGTH_OF % 2, rb"\1x"),
        (_LENGTH_OF % 2, rb"\1-5"),
        (_LENGTH_OF % 2, rb"\g<1>10"),
        (_LENGTH_OF % 2, rb"\g<1>900"),
        (_LENGTH_OF % 2, rb"\g<1>99999"),
        (_LENGTH_OF % 1, rb"\g<1>800"),
        (_LENGTH_OF % 3, rb"\g<1>0"),
        (_LENGTH_OF % 3, rb"\g<1>100"),
        (rb"Content-Length: \d+\r\n(?=\r\nHTTP[^W]*Story 2)", rb""),
    ],
)
def test_a_record_with_a_wrong_length_ends_where_the_next_one_begins(old: bytes, new: bytes, size: int) -> None:
    damaged, count = re.subn(old, new, three(), count=1, flags=re.DOTALL)
    assert count == 1
    items = read(damaged, size)
    assert told(items) == ["Story 1", "Story 2", "Story 3"]
    articles = [item for item in items if isinstance(item, RawArticle)]
    assert [item.warnings for item in articles].count(("wrong_length",)) == 1
    assert {item.body for item in articles} == {(TEXT * 3).strip()}


@pytest.mark.parametrize("size", [11, 1 << 20])
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (rb"(HTTP/1.1 200 OK)(?=[^W]*Story 2)", rb"HTTP/1.1 abc OK", ["Story 1", "corrupt", "Story 3"]),
        (rb"\A(WARC)", rb"rubbish\r\n\r\n\1", ["corrupt", "Story 1", "Story 2", "Story 3"]),
        (rb"\AWARC/1.1\r\n()", rb"garbage\r\n", ["corrupt", "Story 2", "Story 3"]),
        (rb"()\Z", rb"\0\0\0\0\r\n", ["Story 1", "Story 2", "Story 3"]),
        (
            rb"(?<=WARC/1.1)(?=[^W]*WARC-Type[^/]*//x.example/2)",
            b"\r\nX: " + b"x" * 70_000,
            ["Story 1", "corrupt", "Story 3"],
        ),
    ],
)
def test_damage_is_named_and_the_next_record_is_found(old: bytes, new: bytes, expected: list[str], size: int) -> None:
    damaged, count = re.subn(old, new, three(), count=1, flags=re.DOTALL)
    assert count == 1
    assert told(read(damaged, size)) == expected


def test_a_large_record_with_a_wrong_length_is_named() -> None:
    archive = Archive()
    archive.add(b"\1" * 3_000_000, [("Content-Type", "video/mp4")])
    archive.add(page(2))
    archive.add(page(3))
    shorter = re.sub(rb"Content-Length: 30(\d+)", rb"Content-Length: 29\1", archive.data, count=1)
    found = told(read(shorter))
    assert found == ["corrupt", "Story 2", "Story 3"]


def test_line_ends_without_cr_and_folded_fields_are_read() -> None:
    content = b"HTTP/1.0 200\nContent-Type: text/html;\n charset=koi8-r\n\n" + "<title>Мост</title>".encode("koi8-r")
    head = b"WARC/1.0\nWARC-Type: response\nWARC-Target-URI:\n https://x.example/1\nContent-Length: %d\n\n" % len(
        content
    )
    article = only(read(head + content + b"\n\n"))
    assert (article.headline, article.url) == ("Мост", "https://x.example/1")


def test_two_hundred_pages_gzipped_by_record_are_all_accounted_for() -> None:
    archive = Archive(is_gzip=True)
    archive.info()
    for number in range(200):
        layout = LAYOUTS[number % len(LAYOUTS)]
        archive.add(b"", kind="request")
        archive.add(layout.page(number)[0], [("Content-Type", "text/html")], url=f"https://x.example/{number}")
    data = archive.data
    blocks = read_blocks(io.BytesIO(data), "gzip", len(data))
    items = list(read_warc(blocks, "x.warc.gz", SourceSettings(), max_record_bytes=LIMIT))
    counts = Counter(item.kind if isinstance(item, Skipped) else type(item).__name__ for item in items)
    assert counts == {"RawArticle": 200, "request": 200, "warcinfo": 1}
    assert [item.url for item in items if isinstance(item, RawArticle)] == [
        f"https://x.example/{n}" for n in range(200)
    ]
    assert all(item.body and item.headline for item in items if isinstance(item, RawArticle))
