"""One file that is one HTML page."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from newslake.schemas.raw import RawItem, SourceSettings
from newslake.schemas.reject import Reason
from newslake.transforms.files.formats.base import Head, Layout, Part, Refused
from newslake.transforms.files.lines import KEPT_BYTES, too_large
from newslake.transforms.files.pages.page import page_article, read_page
from newslake.transforms.files.pages.text import missing_extra

_BEFORE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s++|<!--.*?-->|<\?(?!xml\b)[^>]*>|(?P<xml><\?xml\b[^>]*>))*+"
    rb"(?P<doctype><!doctype\s+(?P<name>[\w:-]+)[^>\[]*(?:\[.*?\]\s*)?>)?(?:\s++|<!--.*?-->|<\?[^>]*>)*+",
    re.IGNORECASE | re.DOTALL,
)
"""What may stand before the first element: a mark, comments, instructions, a doctype."""
_FIRST = re.compile(rb"<([a-zA-Z][\w:-]*)(?=[\s/>])([^>]*)")
_ROOTS = frozenset({b"html", b"head", b"body", b"title", b"meta", b"base", b"frameset"})
"""First elements that only HTML has."""
_PARTS = frozenset(
    {
        b"script",
        b"style",
        b"link",
        b"noscript",
        b"div",
        b"article",
        b"main",
        b"section",
        b"header",
        b"nav",
        b"h1",
        b"h2",
    }
    | {b"p", b"table", b"center", b"font", b"ul", b"ol", b"form", b"figure", b"aside", b"blockquote", b"br", b"span"}
)
"""First elements of pieces of pages, which prose and XML may begin with as well."""
_END_TAG = re.compile(
    rb"</(?:p|div|a|h[1-6]|li|ul|span|script|style|td|tr|table|article|section|title|head|body)\s*>", re.IGNORECASE
)
_ENOUGH_END_TAGS = 3
_XHTML = b"http://www.w3.org/1999/xhtml"


class HtmlFormat:
    """A whole file is one page. Its own declarations tell its encoding, as in a browser."""

    name = "html"
    is_text = False

    def recognise(self, head: Head) -> Layout | Refused | None:
        if not (head.is_told or looks_like_html(head.text)):
            return None
        missing = missing_extra()
        return Refused(Reason.MISSING_EXTRA, missing, head.raw[:1000]) if missing else Layout()

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        return [(0, size)]

    def read(self, part: Part) -> Iterator[RawItem]:
        yield from read_html(part.blocks, part.source_uri, part.settings, max_record_bytes=part.max_record_bytes)

    def count(self, sample: bytes, layout: Layout) -> int:
        return 1


HTML = HtmlFormat()


def looks_like_html(head: bytes) -> bool:
    """Tell whether text that begins so is an HTML page, and no feed, XML or prose with a tag in it.

    ``<html>`` may be absent. A piece of a page is told by three end tags of HTML. After an XML
    declaration or with a namespace only XHTML is HTML.

    >>> looks_like_html(b"<!-- a --><!DocType HTML><p>Text"), looks_like_html(b"<b>No</b> <p>.")
    (True, False)
    """
    before = _BEFORE.match(head)
    first = _FIRST.match(head, before.end() if before else 0)
    name = first[1].lower() if first else b""
    if before and before["doctype"]:
        return before["name"].lower() == b"html" and name not in (b"rss", b"feed", b"rdf:rdf")
    if first is None:
        return False
    has_namespace = b"xmlns" in first[2] and _XHTML not in first[2]
    if name in _ROOTS:
        return not has_namespace and not (before and before["xml"] and name not in (b"html",))
    is_xml = has_namespace or bool(before and before["xml"])
    end_tags = sum(1 for _ in _END_TAG.finditer(head))
    return name in _PARTS and not is_xml and end_tags >= _ENOUGH_END_TAGS


def read_html(
    blocks: Iterator[bytes], source_uri: str, settings: SourceSettings, *, max_record_bytes: int
) -> Iterator[RawItem]:
    """Yield the article of a file that is one page, or its Reject; nothing for a blank file."""
    html = bytearray()
    length = 0
    for block in blocks:
        length += len(block)
        if length <= max_record_bytes:
            html += block
        elif len(html) < KEPT_BYTES:
            html += block[:KEPT_BYTES]
    data = bytes(html)
    if length > max_record_bytes:
        yield too_large(source_uri, 0, length, data[:KEPT_BYTES])
    elif data.strip():
        yield page_article(read_page(data, charset=settings.encoding), source_uri, "byte 0", settings, data)
