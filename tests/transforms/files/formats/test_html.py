"""HTML files: told from feeds, XML and prose by their content, and read as one page each."""

import pytest
from news_pages import LAYOUTS, Layout

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.formats.html import looks_like_html, read_html

pytest.importorskip("trafilatura", reason="the extra html is not installed")

PAGE = b"<html><head><title>Harbour</title></head><body><p>The council opened the harbour.</p></body></html>"


def read(data: bytes, size: int = 1 << 20, limit: int = 10_000_000, **settings: str) -> list[RawItem]:
    blocks = (data[place : place + size] for place in range(0, len(data), size))
    return list(read_html(blocks, "x.html", SourceSettings(**settings), max_record_bytes=limit))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE html><html>",
        b"\xef\xbb\xbf  \r\n<!doctype HTML>\n<p>Text",
        b'<!DocType html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">',
        b"<!-- saved from url=(0020)https://x.example/a -->\n<!DOCTYPE html>",
        b"<!-- a > b --><!-- c --><HTML lang=en>",
        b"<html>",
        b"<head><title>x",
        b"<title>x</title><p>y",
        b"<meta charset=utf-8><title>x",
        b"<body>x",
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x">\n<html>',
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">',
        b"<div class='a'><p>One.</p><p>Two.</p></div>",
        b"<h1>Title</h1><p>One.</p><ul><li>a</li></ul>",
        b"<script>var a = 1 < 2;</script><div><p>x</p></div>",
        b"<br />\n<b>Warning</b>: x\n<!DOCTYPE html><html><body><p>x</p><p>y</p></body></html>",
        b"<!DOCTYPE html [<!ENTITY a 'b'>]><html>",
        b"<?php-artefact x ?><html>",
    ],
)
def test_pages_are_told_by_their_beginning(head: bytes) -> None:
    assert looks_like_html(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<",
        b"Plain text.",
        b"The <html> element holds a page: <p>One.</p><p>Two.</p></body></html>",
        b"date 2023-03 <b>Bold</b> text",
        b"<b>Note</b>: we use <p> for paragraphs.",
        b"<p> is the tag of a paragraph, <a> that of a link.",
        b"<3 this town",
        b"<?xml version='1.0'?><rss version='2.0'><channel><description><p>a</p><p>b</p><p>c</p>",
        b"<rss><channel>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<rdf:RDF xmlns:rdf='x'>",
        b"<!DOCTYPE rss PUBLIC 'x' 'y'><rss>",
        b"<!DOCTYPE html><rss version='2.0'>",
        b"<?xml version='1.0'?><article><title>JATS</title><p>a</p><p>b</p></article>",
        b"<article xmlns='http://docbook.org/ns/docbook'><title>a</title><p>b</p><p>c</p></article>",
        b"<?xml version='1.0'?><head><title>NITF</title></head>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<opml version='2.0'><head><title>x</title></head><body></body></opml>",
        b"<urlset xmlns='x'>",
        b'{"html": "<html><body><p>x</p></body></html>"}',
        b"title,text\n<p>a</p>,<p>b</p>\n<p>c</p>,<p>d</p>",
        b"<!--" * 20_000,
        b"<?" * 30_000,
        b"<!doctype html " * 5_000,
    ],
)
def test_feeds_xml_and_prose_are_no_pages(head: bytes) -> None:
    assert not looks_like_html(head)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_pages_of_content_systems_are_pages(layout: Layout) -> None:
    assert looks_like_html(layout.page(3)[0][:64_000])


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_a_file_is_one_article_whatever_the_blocks(size: int) -> None:
    (item,) = read(PAGE, size)
    assert isinstance(item, RawArticle)
    assert (item.headline, item.position, item.body_source) == ("Harbour", "byte 0", "page")


def test_an_encoding_of_the_configuration_is_used() -> None:
    page = "<title>Мост открыт</title><p>Мост".encode("windows-1251")
    (item,) = read(page, encoding="windows-1251")
    assert isinstance(item, RawArticle)
    assert item.headline == "Мост открыт"


def test_a_file_over_the_limit_is_a_reject_with_its_beginning() -> None:
    (item,) = read(PAGE + b"x" * 500_000, 1000, limit=100_000)
    assert isinstance(item, Reject)
    assert (str(item.reason), len(item.payload)) == ("too_large", 64_000)
    assert str(len(PAGE) + 500_000) in item.detail
    (item,) = read(PAGE + b"x" * 500_000, limit=100_000)
    assert isinstance(item, Reject)
    assert item.payload.startswith(PAGE)


def test_a_blank_file_has_no_record() -> None:
    assert read(b" \n") == []
