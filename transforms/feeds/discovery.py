"""Find the feed of a site from one of its pages.

A page names its feeds by ``<link rel="alternate" type="application/rss+xml">`` (HTML Standard,
section 4.6.7.1; "RSS autodiscovery"). Sites that name none often have one at a usual path.
"""

import html
import re
from urllib.parse import urljoin

from newslake.transforms.feeds.jsonfeed import is_json
from newslake.transforms.feeds.prolog import read_prolog
from newslake.transforms.storage.encoding.find import decode_body

USUAL_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
"""WordPress and Ghost, news sites, Jekyll, made by hand, Movable Type, Hugo, JSON Feed."""
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json"}
    | {"application/xml", "text/xml", "text/rss+xml", "text/rss"}
)
_FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
_PAGE_ROOTS = frozenset({"html", "head", "body"})
_JSON_FEED = re.compile(rb"jsonfeed\.org\\?/version")
"""Other JSON is often linked with the type of a JSON Feed: WordPress links to its REST API so."""
_HEAD_BYTES = 200_000
_ROOT_BYTES = 10_000

_PLAIN_FEED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*>\s*)?<(?:rss|feed|rdf:RDF)[\s>]")
"""How nearly all feeds begin: a look at these bytes spares the work of decoding them."""
_ROOT_TAG = re.compile(r"<(?:[\w.-]+:)?(rss|feed|rdf|html|head|body)[\s>]", re.IGNORECASE)
_NOT_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"""<(?P<name>link|base)(?P<attributes>[\s/](?:[^<>"']|"[^"]*"|'[^']*')*+)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])(?P<name>[\w-]++)\s*+=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_OF_COMMENTS = re.compile(r"comment|replies|reacties|kommentar", re.IGNORECASE)


def is_feed(body: bytes) -> bool:
    """Tell whether a body begins like RSS or Atom, or is a JSON Feed."""
    return _JSON_FEED.search(body) is not None if is_json(body) else _root(body) in _FEED_ROOTS


def is_page(body: bytes) -> bool:
    """Tell whether a body begins like an HTML page."""
    return not _PLAIN_FEED.match(body) and not is_json(body) and _root(body) in _PAGE_ROOTS


def feed_candidates(body: bytes, url: str, charset: str | None = None) -> list[str]:
    """Return the addresses at which the feed of a page may be, the likeliest first.

    These are the feeds that the page links to, without the feeds of comments if there are others.
    Then come the usual paths, below the page and at the root of its site. ``url`` is the address of
    the page. Only http and https addresses come back.
    """
    page = url.partition("#")[0].partition("?")[0].rstrip("/")
    usual = (start + path for path in USUAL_PATHS for start in (page, ""))
    found = [*_linked(body, url, charset), *filter(None, (_joined(url, address) for address in usual))]
    return [address for address in dict.fromkeys(found) if address != url]


def linked_feeds(text: str) -> tuple[str, list[str]]:
    """Return the base address of a page or "", and the feeds to which it links, as written."""
    markup = _NOT_MARKUP.sub(" ", text)
    tags = [(tag["name"].lower(), _attributes(tag["attributes"])) for tag in _TAG.finditer(markup)]
    base = next((values["href"] for name, values in tags if name == "base" and "href" in values), "")
    links = [values for name, values in tags if name == "link" and _is_feed_link(values)]
    own = [values for values in links if not _OF_COMMENTS.search(values["href"] + values.get("title", ""))]
    return base, [values["href"] for values in own or links]


def _linked(body: bytes, url: str, charset: str | None) -> list[str]:
    """Return the addresses of the feeds to which a page links, in its order."""
    base, feeds = linked_feeds(decode_body(body[:_HEAD_BYTES], charset=charset).text)
    place = _joined(url, base) or url
    return [address for feed in feeds if (address := _joined(place, feed))]


def _is_feed_link(values: dict[str, str]) -> bool:
    relations = values.get("rel", "").lower().split()
    kind = values.get("type", "").partition(";")[0].strip().lower()
    return bool(values.get("href")) and ("feed" in relations or ("alternate" in relations and kind in _FEED_TYPES))


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in small letters. The first one counts."""
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(text):
        value = next(filter(None, attribute.groups()[1:]), "")
        found.setdefault(attribute["name"].lower(), html.unescape(value).strip())
    return found


def _joined(url: str, address: str) -> str:
    """Return an address of a page as an absolute URL without fragment; "" if it is not http(s)."""
    try:
        found = urljoin(url, address).partition("#")[0]
    except ValueError:
        return ""
    return found if found.lower().startswith(("http://", "https://")) else ""


def _root(body: bytes) -> str:
    """Return the local name of the root element in small letters, or "".

    Text before the root, such as a warning of PHP, is skipped.
    """
    text = decode_body(body[:_ROOT_BYTES]).text
    root = (read_prolog(text).root or "").rpartition(":")[2].lower()
    if root:
        return root
    found = _ROOT_TAG.search(text)
    return found[1].lower() if found else ""
