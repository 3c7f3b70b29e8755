"""From the bytes of a page to its tree and its main text.

The tree is that of lxml. The main text is what trafilatura finds, which the extra ``html``
installs.
"""

import importlib.util
import logging
import re
from itertools import islice
from typing import Any

import lxml.etree
import lxml.html

from newslake.transforms.files.pages.head import is_in_sentence
from newslake.transforms.storage.encoding.find import decode_body

MAX_DEPTHS = 2_000_000
"""The most that the depths of all elements may add up to. trafilatura takes up to 5 microseconds
for each element above an element, so this is 10 seconds. News pages have 5,000 to 300,000."""
FAULTS = (ArithmeticError, AttributeError, LookupError, RuntimeError, lxml.etree.LxmlError)
"""What trafilatura may raise on an odd page: it is made of many heuristics. RecursionError is one
of them. It treats ValueError and TypeError itself as a page without text."""
NO_PAGE_TEXT = "no_page_text"
PAGE_CUT = "page_cut"
INVALID_BYTES = "invalid_utf8"

_META_BYTES = 4_096
"""Browsers look for the encoding in the first 1,024 bytes; many sites name it later."""
_META_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_MANY_ATTRIBUTES = re.compile(
    r"""(<[a-zA-Z][\w:-]*+)(?:[\s/]++[\w:@.-]++(?:=(?:"[^"]*+"|'[^']*+'|[^\s<>"'=]++))?+){500,}+"""
)
"""A tag with so many attributes is an attack: the time of the parser grows with their square."""
_BLOCKS = frozenset({"p", "head", "item", "row", "quote", "code", "list", "table", "fw", "ab"})
_MOST_TIMES = 200
_LINE_BREAK = "lb"
_CELL = "cell"


def missing_extra() -> str | None:
    """Return a sentence that says how to install what pages need; None if it is installed."""
    if importlib.util.find_spec("trafilatura") is not None:
        return None
    return "HTML pages need the extra html: pip install 'newslake[html]'"


def decode_page(html: bytes, charset: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page, and a warning if bytes of it have no meaning.

    ``charset`` is that of the HTTP header. It comes before the page's meta element. Else the rules
    are those of ``find_encoding``.
    """
    decoded = decode_body(html, charset=charset or _declared(html))
    return decoded.text, (INVALID_BYTES,) if decoded.is_damaged or decoded.is_guessed else ()


def _declared(html: bytes) -> str | None:
    """Return the label of the encoding that a page names in its beginning, or None."""
    found = _META_CHARSET.search(html, 0, _META_BYTES)
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def parse_page(text: str) -> tuple[Any | None, tuple[str, ...]]:
    """Return the tree of a page, and a warning if the parser stopped before its end.

    Return (None, ()) for a page without an element. The parser stops at elements that are nested
    more than 2,048 deep. A NUL becomes U+FFFD, as in browsers.
    """
    text = _MANY_ATTRIBUTES.sub(r"\1", text.replace("\0", "\ufffd"))
    # The limits that huge_tree lifts would drop texts of 10 MB and all below 256 levels silently.
    parser = lxml.html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        default_doctype=False,
        collect_ids=False,
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:  # "Document is empty"
        return None, ()
    is_cut = any("depth" in error.message for error in parser.error_log.filter_from_fatals())
    return tree, (PAGE_CUT,) if is_cut else ()


def costs_too_much(tree: Any) -> str | None:
    """Return why trafilatura would take many seconds for a page; None if it would not."""
    count = depth = depths = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            count += 1
            depth += 1
            depths += depth
        else:
            depth -= 1
    if depths <= MAX_DEPTHS:
        return None
    return f"the page has {count} elements, {depths // count} levels deep on average, which are too many"


def main_text(tree: Any, url: str | None) -> str | None:
    """Return the main text of a page, paragraphs parted by a blank line; None if there is no text.

    Comments of readers are left out. The tree changes. Raises one of FAULTS if trafilatura fails.
    """
    from trafilatura import bare_extraction

    _keep_times(tree)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each page without text
    found = bare_extraction(tree, url=url, output_format="xml", include_comments=False, with_metadata=False)
    body = getattr(found, "body", None)
    return None if body is None else "\n\n".join(_paragraphs(body)) or None


def _keep_times(tree: Any) -> None:
    """Make a ``<span>`` of each ``<time>`` within a sentence, because trafilatura drops times."""
    for time in list(islice(tree.iter("time"), _MOST_TIMES)):
        if is_in_sentence(time):
            time.tag = "span"


def _paragraphs(body: Any) -> list[str]:
    """Return the texts of the blocks in trafilatura's tree.

    An item of a list and a row of a table are blocks too.
    """
    paragraphs: list[str] = []
    parts: list[str] = []

    def close() -> None:
        lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
        if text := "\n".join(filter(None, lines)):
            paragraphs.append(text)
        parts.clear()

    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        is_block = element.tag in _BLOCKS
        if is_block:
            close()
        if event == "start":
            parts.append("\n" if element.tag == _LINE_BREAK else _one_line(element.text))
        else:
            parts.append((" " if element.tag == _CELL else "") + _one_line(element.tail))
    close()
    return paragraphs


def _one_line(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")
