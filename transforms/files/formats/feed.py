"""Saved feeds: RSS, Atom, RDF and JSON Feed. This module only tells them by their content.

The stage of feeds reads them.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from newslake.transforms.files.formats.base import Head, Item, Layout, Part, Refused, SavedFeed

_XML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:\?xml|rss\b|feed\b|(?:\w+:)?rdf\b)", re.IGNORECASE | re.DOTALL)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?://jsonfeed\.org/')
_ITEMS = re.compile(rb'"items"\s*:\s*(?:\[|null)')
_KEYS = re.compile(rb'"(?:home_page_url|feed_url|content_html|content_text)"\s*:')
"""Keys of a JSON Feed, for feeds that give no version or a number."""
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]")
_FIRST_LINE = re.compile(rb"\{[^\n]*\}\s*\n\s*\{")
"""One object a line is no feed, although the objects may have keys of a feed."""


class FeedFormat:
    name = "feed"
    is_text = False

    def recognise(self, head: Head) -> Layout | Refused | None:
        return Layout() if head.is_told or is_feed(head.text) else None

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        return [(start, size)]

    def read(self, part: Part) -> Iterator[Item]:
        yield SavedFeed(part.source_uri, b"".join(part.blocks), part.settings)

    def count(self, sample: bytes, layout: Layout) -> int:
        return len(_ENTRY.findall(sample))


FEED = FeedFormat()


def is_feed(head: bytes) -> bool:
    """Tell whether a text begins like XML or a JSON Feed."""
    text = head.lstrip()
    if not text.startswith(b"{"):
        return _XML.match(text) is not None
    if _FIRST_LINE.match(text):
        return False
    return bool(_JSON_FEED.search(text) or (_ITEMS.search(text) and _KEYS.search(text)))
