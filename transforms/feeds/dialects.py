"""Handlers that keep apart what feedparser's own handlers of the same names mix up.

feedparser calls ``_start_<prefix>_<element>`` and ``_end_<prefix>_<element>`` on its parser
classes. Its own handlers make a picture's media:description or a podcast's itunes:summary the
content of the entry. They make dc:date its update, and separate credits from their pictures. They
cut names at e-mail addresses, and lose the text of a link with attributes.
"""

import xml.sax.saxutils
from typing import Any

import feedparser
import feedparser.api
import feedparser.datetimes
import feedparser.mixin
import feedparser.namespaces.georss

FAULT = "handler_fault"
"""This key of the feed tells that an element was skipped because feedparser's handler for it
failed."""
PERMALINK = "permalink"
"""This key of an entry holds its guid, if the guid is the URL of the entry (RSS 2.0,
isPermaLink)."""
PICTURES = "pictures"
"""This key of an entry holds the pictures in its ``<image>`` elements, as dicts with "href"."""
GROUP = "group"
"""This key of a media:content or media:thumbnail holds the number of the media:group around it."""
UNTYPED = "untyped"
"""This key of a content tells that its element has no type attribute."""

FULL_TEXTS = ("full-text", "full_text", "fulltext", "articlebody", "article_body")
"""Elements of no standard that hold the whole text, in lower case. yandex:full-text is the best
known."""
KEPT = (
    *("media_title", "media_description", "media_credit", "media_copyright"),
    *("itunes_summary", "dc_description", "dc_date"),
)
"""Elements whose text is kept under its own key."""
FULL_TEXT_NAMES = tuple(prefix + name for prefix in ("", "yandex_", "mailru_", "rambler_") for name in FULL_TEXTS)

_GEOMETRIES = ("point", "line", "polygon", "box")
_PLAIN = frozenset({"category", "id"})
_MARKUP = frozenset({"a", "b", "br", "em", "i", "p", "span", "strong", "u"})
"""Tags that some publishers put, unescaped, into elements of plain text."""

_HANDLER_FAULTS = (IndexError, KeyError, TypeError, ValueError)
"""What feedparser's handlers raise on misplaced elements: </category> alone, an empty width,
xml:base="http://[x"."""
_NO_NAMES = frozenset({"email", "href", "link_text"})
SURNAMES = frozenset({"last", "lastname", "last_name", "last-name", "surname", "familyname", "family_name"})


class _Handlers:
    """Keeps each text under its own key, in the media:content around it, or in the entry or feed.

    If a handler fails, the feed loses only that element. The stacks are left as the handler would
    have left them.
    """

    namespaces = feedparser.mixin._FeedParserMixin.namespaces | {"http://news.yandex.ru": "yandex"}
    _matchnamespaces: dict[str, str] = {}  # noqa: RUF012 (feedparser fills it from ``namespaces``)

    _picture: dict[str, Any] | None = None
    _group: int | None = None
    _groups = 0
    _skipped = 0
    """The number of open tags in an element of plain text."""

    def __init__(self: Any, *arguments: Any) -> None:
        super().__init__(*arguments)
        # The input is UTF-8. Under the name "utf-8" feedparser would decode each text once more,
        # and "Ã©" that an author wrote would become "é".
        self.encoding = "UTF-8"

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        if tag in _MARKUP and self.elementstack and self.elementstack[-1][0] in _PLAIN:
            self._skipped += 1
            return
        height = len(self.basestack)
        try:
            super().unknown_starttag(tag, attributes)  # type: ignore[misc]
        except _HANDLER_FAULTS:
            self.feeddata[FAULT] = True
            if len(self.basestack) == height:
                self.basestack.append(self.baseuri)
                self.langstack.append(self.lang)

    def unknown_endtag(self: Any, tag: str) -> None:
        if self._skipped and tag in _MARKUP:
            self._skipped -= 1
            return
        if self.inauthor:
            self._read_part_of_author()
        try:
            super().unknown_endtag(tag)  # type: ignore[misc]
        except _HANDLER_FAULTS:
            self.feeddata[FAULT] = True
            del self.basestack[-1:], self.langstack[-1:]
            self.baseuri = self.basestack[-1] if self.basestack else self.baseuri
            self.lang = self.langstack[-1] if self.langstack else self.lang
            self.depth -= 1

    def handle_data(self: Any, text: str, escape: int = 1) -> None:
        """Do what feedparser's method does, in half the time: it runs for each line of a feed."""
        if self.elementstack:
            if escape and dict.get(self.contentparams, "type") == "application/xhtml+xml":
                text = xml.sax.saxutils.escape(text)
            self.elementstack[-1][2].append(text)

    characters = handle_data

    # Entries

    def _start_item(self: Any, attributes: dict[str, str]) -> None:
        self.insource = 0  # a <source> or <image> that was never closed
        self.sourcedata.clear()
        self.inauthor = 0
        self._picture = self._group = None
        self._groups = self._skipped = 0
        super()._start_item(attributes)  # type: ignore[misc]

    _start_entry = _start_item

    def _start_guid(self: Any, attributes: dict[str, str]) -> None:
        is_permalink = attributes.get("ispermalink", "true").strip().lower() in ("true", "1", "yes", "")
        super()._start_guid({"ispermalink": "true" if is_permalink else "false"})  # type: ignore[misc]

    _start_id = _start_guid

    def _end_guid(self: Any) -> None:
        super()._end_guid()  # type: ignore[misc]
        context = self._get_context()
        if self.guidislink and self._is_rss() and "id" in context:
            context[PERMALINK] = context["id"]

    _end_id = _end_guid

    def _is_rss(self: Any) -> bool:
        return not self.version.startswith("atom")

    def _start_link(self: Any, attributes: dict[str, str]) -> None:
        super()._start_link(attributes)  # type: ignore[misc]
        if "href" in attributes:
            self.push("link_text", 0)

    def _end_link(self: Any) -> None:
        if not self.elementstack or self.elementstack[-1][0] != "link_text":
            super()._end_link()  # type: ignore[misc]
            return
        text = self.pop("link_text")
        if text and self._is_rss():  # RSS has the URL in the text, whatever the attributes say
            context = self._get_context()
            link = feedparser.FeedParserDict(rel="alternate", type="text/html", href=self.resolve_uri(text))
            context.setdefault("links", []).insert(max(0, len(context["links"]) - 1), link)
            context["link"] = link["href"]

    def _start_content(self: Any, attributes: dict[str, str]) -> None:
        super()._start_content(attributes)  # type: ignore[misc]
        if "type" not in attributes:
            self.contentparams[UNTYPED] = True

    def _start_full_text(self: Any, attributes: dict[str, str]) -> None:
        self._start_content_encoded(attributes)

    def _end_full_text(self: Any) -> None:
        self._end_content()

    # Authors: ``authors`` of an entry or feed has a dict for each author element. Its "name" is the
    # text as it came, or what child elements such as <name> or <person> hold.

    def _end_author(self: Any) -> None:
        text = self.pop("author")
        self.inauthor = 0
        author = self._get_context()["authors"][-1]
        if text and not dict.get(author, "name"):
            author["name"] = text

    _end_managingeditor = _end_author

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        """Leave out feedparser's search for an e-mail address, which cuts long ones."""

    def _read_part_of_author(self: Any) -> None:
        """Take the text of an unknown element inside an author, such as <person>, as the name."""
        parents = [name for name, _, _ in self.elementstack[-3:-1]]
        element, _, pieces = self.elementstack[-1] if self.elementstack else ("", 0, [])
        if "author" not in parents or element in _NO_NAMES or hasattr(self, f"_end_{element}"):
            return
        text = "".join([piece.decode() if isinstance(piece, bytes) else piece for piece in pieces]).strip()
        if not text or "@" in text or "://" in text:
            return
        author = self._get_context()["authors"][-1]
        if not (name := dict.get(author, "name")):
            author["name"] = text
        elif element in SURNAMES:
            author["name"] = f"{name} {text}"

    # Pictures

    def _start_image(self: Any, attributes: dict[str, str]) -> None:
        if not self.inentry:
            super()._start_image(attributes)  # type: ignore[misc]
            return
        self.insource = 1  # keeps the title, link and description of the picture out of the entry
        self.sourcedata.clear()
        address = next((attributes[name] for name in ("href", "url", "src") if attributes.get(name)), None)
        if address:
            self.sourcedata["href"] = address
        self.push("image", 0)

    def _end_image(self: Any) -> None:
        if not (self.inentry and self.insource):
            super()._end_image()  # type: ignore[misc]
            return
        address = dict.get(self.sourcedata, "href") or self.pop("image")
        self.insource = 0
        self.sourcedata.clear()
        if address:
            self.entries[-1].setdefault(PICTURES, []).append({"href": address.strip()})

    def _start_media_group(self: Any, attributes: dict[str, str]) -> None:
        self._groups += 1
        self._group = self._groups

    def _end_media_group(self: Any) -> None:
        self._group = None

    def _start_media_content(self: Any, attributes: dict[str, Any]) -> None:
        if self._group is None:
            self._groups += 1
        attributes[GROUP] = self._group or self._groups
        self._picture = attributes
        self._get_context().setdefault("media_content", []).append(attributes)

    def _end_media_content(self: Any) -> None:
        self._picture = None

    def _start_media_thumbnail(self: Any, attributes: dict[str, Any]) -> None:
        number = self._picture[GROUP] if self._picture is not None else self._group
        if number is not None:
            attributes[GROUP] = number
        super()._start_media_thumbnail(attributes)  # type: ignore[misc]

    # Texts

    def _keep(self: Any, key: str) -> None:
        text = self.pop(key)
        if text:
            owner = self._picture if self._picture is not None and key.startswith("media_") else self._get_context()
            owner.setdefault(key, text)


def _kept(key: str) -> dict[str, Any]:
    """Return the two handlers of an element whose text is kept under its own key."""

    def start(self: Any, attributes: dict[str, str]) -> None:
        self.push(key, 0)

    def end(self: Any) -> None:
        self._keep(key)

    return {f"_start_{key}": start, f"_end_{key}": end}


def _handlers() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in KEPT:
        found |= _kept(key)
    for name in FULL_TEXT_NAMES:
        found |= {f"_start_{name}": _Handlers._start_full_text, f"_end_{name}": _Handlers._end_full_text}
    return found


feedparser.api.StrictFeedParser = type("StrictFeedParser", (_Handlers, feedparser.api.StrictFeedParser), _handlers())

PREFIXES: dict[str, str] = {address.lower(): prefix for address, prefix in _Handlers.namespaces.items()}
"""feedparser's prefix of each namespace that it knows, by the namespace in lower case."""
HANDLED = frozenset(
    name.removeprefix(mark)
    for mark in ("_start_", "_end_")
    for name in dir(feedparser.api.StrictFeedParser)
    if name.startswith(mark)
)
"""The names of all elements with a handler, such as "media_content"."""
C1_CHARACTERS: dict[int, str] = feedparser.mixin._cp1252
"""What feedparser makes of the control characters U+0080 to U+009F: those of windows-1252."""

parse_date = feedparser.datetimes._parse_date
looks_like_html = feedparser.mixin._FeedParserMixin.looks_like_html
GEOMETRIES = {f"georss_{kind}": getattr(feedparser.namespaces.georss, f"_parse_georss_{kind}") for kind in _GEOMETRIES}
"""What reads the text of the elements of GeoRSS, by their names."""
parse = feedparser.parse
"""Reads a well-formed feed. For others feedparser has another parser, without these handlers."""

NAMESPACES: dict[str, str] = {
    prefix: address for address, prefix in reversed(_Handlers.namespaces.items()) if prefix
} | {"atom": "http://www.w3.org/2005/Atom", "rss": "http://purl.org/rss/1.0/"}
"""The usual namespaces of the prefixes that feeds use, in lower case."""
