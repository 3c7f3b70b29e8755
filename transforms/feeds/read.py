"""From the bytes of a feed to raw articles, in this process.

Hostile input goes through ``sandbox``, which calls this module in a child process.
"""

from collections.abc import Iterator

from newslake.schemas.raw import RawArticle, RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.discovery import linked_feeds
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.entries import share_numeric_dates
from newslake.transforms.feeds.jsonfeed import is_json, read_json_feed
from newslake.transforms.feeds.prolog import read_prolog
from newslake.transforms.feeds.xml import EntityExpansionError, NotAFeedError, read_xml
from newslake.transforms.storage.encoding.decoder import Decoder
from newslake.transforms.storage.encoding.find import find_encoding

_PAYLOAD_BYTES = 64_000
_BLOCK_BYTES = 1_000_000
_PAGE_HEAD_CHARS = 100_000


def read_document(document: FeedDocument) -> Iterator[RawItem]:
    """Yield every entry of a feed as a RawArticle or a Reject, in order.

    feedparser reads RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0. JSON Feed is read too. If the
    document is not a feed, yield one Reject of the whole: EMPTY, NOT_A_FEED, ENTITY_EXPANSION or
    INVALID_JSON. If the feed was cut off, yield its complete entries, then a Reject TRUNCATED for
    the broken one. An entry that no parser can read is a Reject LOST_ENTRY.

    Repairs become warnings of the articles that were repaired: ``malformed_feed``,
    ``bad_character_reference``, ``control_character`` and ``invalid_utf8``. The last one is on all
    articles if the encoding was guessed.
    """
    if is_json(document.body):
        found = read_json_feed(document)
        if isinstance(found, Reject):
            yield found
            return
        items, warnings = found
        yield from finish_items(items, warnings)
    else:
        yield from _read_xml(document)


def _read_xml(document: FeedDocument) -> Iterator[RawItem]:
    encoding = find_encoding(document.body, encoding=document.settings.encoding, charset=document.charset)
    warnings = ("invalid_utf8",) if encoding.is_guessed else ()
    decoder = encoding.decoder()
    try:
        for items in read_xml(document, _blocks(document.body, decoder), decoder.bad_places):
            yield from finish_items(items, warnings)
    except EntityExpansionError as error:
        yield _reject_whole(document, Reason.ENTITY_EXPANSION, str(error))
    except NotAFeedError as error:
        if error.head.strip():
            yield _reject_whole(document, Reason.NOT_A_FEED, describe_page(error.head))
        else:
            yield _reject_whole(document, Reason.EMPTY, "it holds no text")


def _blocks(body: bytes, decoder: Decoder) -> Iterator[str]:
    """Yield the text of a body in blocks."""
    for start in range(0, len(body), _BLOCK_BYTES):
        yield decoder.decode(body[start : start + _BLOCK_BYTES], final=start + _BLOCK_BYTES >= len(body))


def describe_page(text: str) -> str:
    """Return what a document is that is not a feed. ``text`` is its beginning.

    The answer for an HTML page names the feeds that the page links to.
    """
    root = read_prolog(text).root
    if root is None and "<html" not in text[:_PAGE_HEAD_CHARS].lower():
        return "it is neither XML nor a JSON object"
    if root and root.lower() != "html":
        return f"it is XML with the root element <{root[:60]}>"
    _, feeds = linked_feeds(text[:_PAGE_HEAD_CHARS])
    if not feeds:
        return "it is an HTML page that names no feed"
    return f"it is an HTML page; it names {', '.join(feed[:500] for feed in feeds[:5])}"


def finish_items(items: list[RawItem], warnings: tuple[str, ...]) -> list[RawItem]:
    """Return the items of a feed with ``warnings`` on each article.

    Each article with a numeric date gets the numeric dates of all of them.
    """
    articles = [item for item in items if isinstance(item, RawArticle)]
    share_numeric_dates(articles)
    for article in articles:
        article.warnings = tuple(dict.fromkeys((*warnings, *article.warnings)))
    return items


def _reject_whole(document: FeedDocument, reason: Reason, detail: str) -> Reject:
    return Reject(
        Stage.PARSE_FEEDS, reason, document.source_uri, detail, document.body[:_PAYLOAD_BYTES], whole_source=True
    )
