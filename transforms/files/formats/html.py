"""One file that is one HTML page."""

import re
from collections.abc import Iterator

from newslake.schemas.raw import RawItem, SourceSettings
from newslake.transforms.files.jsonl import too_large
from newslake.transforms.files.lines import KEPT_BYTES
from newslake.transforms.files.pages import page_article, read_page

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
