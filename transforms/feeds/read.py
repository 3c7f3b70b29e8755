"""From the bytes of a feed to raw articles, in this process.

Hostile input goes through ``parse``, which calls this module in a child process.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from newslake.schemas.raw import RawArticle, RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds import dialects
from newslake.transforms.feeds.decode import decode_feed
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.entries import feedparser_facts, read_entry, share_numeric_dates, void_shared_keys
from newslake.transforms.feeds.guard import (
    plain_entities,
    replace_bad_references,
    replace_control_characters,
    replace_entities,
)
from newslake.transforms.feeds.jsonfeed import is_json, read_json_feed
from newslake.transforms.feeds.prolog import Prolog, read_prolog

_PAYLOAD_CHARS = 64_000
_PAGE_HEAD_CHARS = 100_000
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"})
_ROOTS = frozenset({"rss", "feed", "rdf"})
_ENTRY_START = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>])")
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>")


@dataclass(frozen=True, slots=True)
class Cut:
    """A feed that was cut off, closed after its last complete entry.

    ``remainder`` is the text of the broken entry after that, or empty.
    """

    text: str
    remainder: str


def read_document(document: FeedDocument) -> Iterator[RawItem]:
    """Yield every entry of a feed as a RawArticle or a Reject, in order.

    feedparser reads RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0. JSON Feed 1.x is read too. If the
    document is not a feed, yield one Reject of the whole: EMPTY, NOT_A_FEED, ENTITY_EXPANSION or
    INVALID_JSON. If the feed was cut off, yield its complete entries, then a Reject TRUNCATED for
    the broken one.

    Repairs become warnings. ``malformed_feed`` is on all articles. ``bad_character_reference`` and
    ``control_character`` are on the articles that hold U+FFFD. Each such article gets all that the
    document needed, because one U+FFFD looks like another. ``invalid_utf8`` is on all articles if
    the encoding was guessed or bytes were bad.
    """
    if is_json(document.body):
        found = read_json_feed(document)
        if isinstance(found, Reject):
            yield found
            return
        items, warnings = found
        yield from _finish(items, warnings, ())
    else:
        yield from _parse_xml(document)


def _parse_xml(document: FeedDocument) -> Iterator[RawItem]:
    decoded = decode_feed(document.body, encoding=document.settings.encoding, charset=document.charset)
    text = decoded.text
    if not text.strip("\x00 \t\r\n"):
        yield _reject_whole(document, Reason.EMPTY, "it holds no text")
        return
    prolog = read_prolog(text)
    entities = (
        plain_entities(prolog)
        if prolog.root or "<!ENTITY" not in text
        else "it declares entities in a prolog that breaks off"
    )
    if isinstance(entities, str):
        yield _reject_whole(document, Reason.ENTITY_EXPANSION, entities)
        return
    if prolog.root:
        # The declared encoding no longer holds. A DOCTYPE would only be fetched or expanded.
        text = text[prolog.root_start :]
    text, has_bad_references = replace_bad_references(replace_entities(text, entities))
    text, has_controls = replace_control_characters(text)
    cut = repair_cut(text, prolog.root) if prolog.root else None
    whole = cut.text if cut else text
    parsed = dialects.parse(io.BytesIO(whole.encode()), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.version and not parsed.entries:
        yield _reject_whole(document, Reason.NOT_A_FEED, describe_page(text, prolog))
        return
    facts = feedparser_facts(parsed.feed, parsed.version, document)
    entries = parsed.entries
    items: list[RawItem] = []
    for index in range(len(entries)):
        items.append(read_entry(entries[index], index + 1, parsed.version, facts))
        entries[index] = None  # so a feed of 100,000 entries is in memory once, not twice
    warnings = {
        "malformed_feed": bool(parsed.bozo or cut or dialects.FAULT in parsed.feed),
        "invalid_utf8": decoded.is_guessed or decoded.is_damaged,
    }
    repairs = {
        "bad_character_reference": has_bad_references,
        "control_character": has_controls,
    }
    yield from _finish(items, _names(warnings), _names(repairs))
    if document.cut or (cut and cut.remainder):
        detail = f"{document.cut or f'it ends before </{prolog.root}>'}: entry {len(items) + 1} is cut off"
        payload = cut.remainder[:_PAYLOAD_CHARS].encode() if cut else b""
        yield Reject(Stage.PARSE_FEEDS, Reason.TRUNCATED, document.source_uri, detail, payload)


def repair_cut(text: str, root: str) -> Cut | None:
    """Close a feed whose root element ``root`` is never closed, after its last complete entry.

    ``text`` begins with the root's start tag. Return None if the root is closed, if it is not the
    root of a feed, or if the text has no entries.
    """
    if root.rpartition(":")[2].lower() not in _ROOTS:
        return None
    end = 0
    for match in _ENTRY_END.finditer(text):
        end = match.end()
    start = _ENTRY_START.search(text, end)
    is_closed = re.compile(rf"</{re.escape(root)}\s*>", re.IGNORECASE).search(text, end)
    if is_closed or (start is None and end == 0):
        return None
    if start is None:  # the last entry is followed by part of a closing tag, or by something else
        tail = text[end:].strip()
        remainder = "" if "</".startswith(tail[:2]) else tail
    else:
        end = end or start.start()
        remainder = text[start.start() :]
    return Cut(f"{text[:end]}{'</channel>' if root.lower() == 'rss' else ''}</{root}>", remainder)


def describe_page(text: str, prolog: Prolog) -> str:
    """Return what a document is that is not a feed.

    The answer for an HTML page names the feeds that the page links to.
    """
    if prolog.root is None and "<html" not in text[:_PAGE_HEAD_CHARS].lower():
        return "it is neither XML nor a JSON object"
    if prolog.root and prolog.root.lower() != "html":
        return f"it is XML with the root element <{prolog.root[:60]}>"
    links = _FeedLinks()
    links.feed(text[:_PAGE_HEAD_CHARS])
    if not links.found:
        return "it is an HTML page that names no feed"
    return f"it is an HTML page; it names {', '.join(links.found[:5])}"


class _FeedLinks(HTMLParser):
    """The feeds that a page links to (RSS autodiscovery).

    Such a link has rel="alternate" and the type of a feed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_alternate = tag == "link" and "alternate" in (values.get("rel") or "").lower().split()
        if is_alternate and (values.get("type") or "").lower() in _FEED_TYPES and (address := values.get("href")):
            self.found.append(address[:500])


def _names(claims: dict[str, bool]) -> tuple[str, ...]:
    return tuple(name for name, holds in claims.items() if holds)


def _finish(items: list[RawItem], warnings: tuple[str, ...], repairs: tuple[str, ...]) -> Iterator[RawItem]:
    """Yield ``items``, with what only the whole document tells set on each article.

    URLs and ids that entries share are voided. Each article with a numeric date gets all numeric
    dates of the document. All articles get ``warnings``. Articles with U+FFFD in headline,
    description or body also get ``repairs``.
    """
    articles = [item for item in items if isinstance(item, RawArticle)]
    void_shared_keys(articles)
    share_numeric_dates(articles)
    for article in articles:
        own = tuple(name for name in repairs if name not in warnings)
        is_repaired = any("\ufffd" in text for text in (article.headline, article.description, article.body) if text)
        article.warnings = (*warnings, *own) if is_repaired else warnings
    yield from items


def _reject_whole(document: FeedDocument, reason: Reason, detail: str) -> Reject:
    return Reject(
        Stage.PARSE_FEEDS, reason, document.source_uri, detail, document.body[:_PAYLOAD_CHARS], whole_source=True
    )
