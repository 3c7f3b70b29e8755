"""From entries to raw articles: feedparser's entries, and what JSON Feed's items need as well."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from newslake.schemas import codec
from newslake.schemas.raw import RawArticle, RawItem
from newslake.schemas.redact import redact, redact_link, source_key
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.dialects import GROUP, PERMALINK, PICTURES, UNTYPED
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.guard import drop_control_characters
from newslake.transforms.feeds.links import absolute_link, choose_url, is_http, join
from newslake.transforms.feeds.pictures import (
    Picture,
    distinct_pictures,
    is_picture_path,
    largest,
    pictures_in,
    pixels,
)
from newslake.transforms.feeds.texts import Text, body_text, has_text, plain_title, title_text

Entry = dict[str, Any]
"""Read it with ``dict.get``. feedparser's own ``get`` may answer for one key with the value of
another."""

_NUMERIC_DATE = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")
_USERINFO = re.compile(r"(?<=:)//[^/?#]*@")
_NO_LETTERS = re.compile(r"[\W_]+")
_OTHER_SUMMARIES = ("itunes_summary", "dc_description")
_BASE64_TYPE = "application/octet-stream"
"""feedparser decodes Base64 of this type, if it is text (RFC 4287 section 4.1.3.3)."""
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_RELATIONS = "http://www.iana.org/assignments/relation/"
"""The registry before the name of a relation means the same (RFC 4287 section 4.2.7.2)."""
_ADDRESS = re.compile(r"(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """The facts of a feed that hold for all its entries.

    ``publisher`` is configured, and so is ``source`` if the configuration names it. The feed or its
    address tells the rest. Only ``home``, which is compared and never written, may hold a secret.
    URLs are absolute if the feed has an absolute URL.
    """

    source_uri: str
    source: str
    feed_url: str | None
    home: str | None
    base: str
    publisher: str | None
    """The configured publisher. It comes before every name that the feed gives."""
    title: str | None
    language: str | None
    bylines: tuple[str, ...] = ()


def feed_facts(
    document: FeedDocument,
    *,
    own_link: str | None,
    home: str | None,
    title: str | None,
    language: str | None,
    bylines: tuple[str, ...] = (),
) -> FeedFacts:
    """Return the facts of a feed.

    ``source`` is the first of these that is known: the configured name, the feed's own link
    (rel="self"), the URL that was fetched, its home page, its location.

    ``base`` resolves relative links (RFC 3986 section 5.1). It is the URL that was fetched, else
    the feed's own link, else its home page. It has no userinfo, which would end up in the URLs of
    articles.
    """
    # A link such as "#x" takes over the query of the base, and with it a secret in the query.
    base = redact(_USERINFO.sub("//", document.url or (own_link if is_http(own_link) else None) or home or ""))
    own_link = source_key(join(base, own_link)) if own_link else None
    own_link = own_link if is_http(own_link) else None
    home = join(base, home) if home else None
    return FeedFacts(
        source_uri=document.source_uri,
        source=document.settings.source
        or own_link
        or document.url
        or (source_key(home) if home else None)
        or document.source_uri,
        feed_url=redact(document.url or own_link or "") or None,
        home=home,
        base=base,
        publisher=document.settings.publisher,
        title=_name(title),
        language=_language(language) or _header_language(document.language),
        bylines=bylines,
    )


def feedparser_facts(feed: Entry, version: str, document: FeedDocument) -> FeedFacts:
    """Return the facts of a feed that feedparser read, from its ``feed`` dict and ``version``."""
    # An Atom entry without an author has the author of its feed (RFC 4287 section 4.2.1). The
    # feed of RSS names an editor, who is not the author.
    bylines = _bylines(feed) if version.startswith("atom") else ()
    return feed_facts(
        document,
        own_link=_link(feed, "self"),
        home=_link(feed, "alternate"),
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        bylines=bylines,
    )


def read_entry(entry: Entry, number: int, version: str, facts: FeedFacts) -> RawItem:
    """Return one of feedparser's entries, the ``number``-th of its feed, as a RawArticle.

    Return a Reject NO_CONTENT if the entry has no title, no text and no link.
    """
    is_atom = version.startswith("atom")
    texts = {key: text for key, value in entry.items() if isinstance(value, str) and (text := value.strip())}
    contents = _details(entry, "content")
    title = _title(entry, texts, is_atom)
    summary = _summary(entry, texts, is_atom)
    content = _content(contents, is_atom)
    updated = texts.get("updated")
    dates = (("feed", texts.get("published")), ("feed", texts.get("dc_date")), ("feed", texts.get("created")))
    origin = dict.get(entry, "source")
    origin = origin if isinstance(origin, dict) else {}
    return build_article(
        facts,
        number,
        source_id=texts.get("id"),
        links=(texts.get("feedburner_origlink"), _entry_link(entry, texts), _permalink(texts, version)),
        texts=(title, summary, content),
        dates=(*dates, ("updated", updated)),
        modified=updated,
        language=texts.get("language") or _language_of((*contents, *_details(entry, "title_detail"))),
        origin=_text(origin, "title"),
        bylines=_bylines(entry) or (_bylines(origin) if is_atom else ()),
        keywords=_keywords(entry),
        images=_images(entry, contents, content, title.value if title else None),
        text_base=_text_base(entry, contents),
        payload=_payload(entry),
    )


def build_article(
    facts: FeedFacts,
    number: int,
    *,
    source_id: str | None,
    links: tuple[str | None, ...],
    texts: tuple[Text | None, Text | None, Text | None],
    dates: tuple[tuple[str, str | None], ...],
    modified: str | None,
    language: str | None,
    origin: str | None,
    bylines: tuple[str, ...],
    keywords: tuple[str, ...],
    images: Iterable[Picture],
    payload: bytes,
    text_base: str | None = None,
) -> RawItem:
    """Return a RawArticle from the parts of an entry, for any kind of feed.

    The first of ``links`` that names an article counts. ``texts`` are the title, the summary and
    the content. ``origin`` is the title of the feed that an aggregator took the entry from. The
    pictures of the text count if there are no ``images``. ``text_base`` resolves their URLs; if it
    is None, the URL of the article does. Return a Reject NO_CONTENT if there is no text, no link
    and no picture.
    """
    position = f"entry {number}"
    title, summary, content = texts
    url, is_void = choose_url(links, facts.base, facts.home)
    pictures = distinct_pictures(images, facts.base)
    if not pictures:
        pictures = distinct_pictures(_pictures_of(content, summary), text_base or url or facts.base)
    if not (title or summary or content or url or pictures):
        detail = f"{position} has no title, no text and no link"
        return Reject(Stage.PARSE_FEEDS, Reason.NO_CONTENT, facts.source_uri, detail, payload)
    if content and summary and not has_text(content) and has_text(summary):
        content = None  # a picture alone, which is no body
    is_html = any(text.is_html for text in texts if text)
    return RawArticle(
        source_uri=facts.source_uri,
        position=position,
        source_id=redact_link(source_id) if source_id else None,
        url=redact_link(url) if url else None,
        url_is_void=is_void,
        source=facts.source,
        feed_url=facts.feed_url,
        headline=_as(title, is_html),
        description=_as(summary, is_html),
        body=_as(content or summary, is_html),
        body_source="feed_content" if content else "feed_summary" if summary else "none",
        html=is_html,
        dates=tuple(dict.fromkeys((source, text) for source, text in dates if text)),
        modified=modified,
        language=_language(language) or facts.language,
        publisher=facts.publisher or _name(origin) or facts.title,
        bylines=bylines or facts.bylines,
        keywords=keywords,
        images=pictures,
        payload=payload,
    )


def share_numeric_dates(articles: Iterable[RawArticle]) -> None:
    """Give each article with a date in numbers (``03/04/2023``) all such dates of the document.

    The dates are distinct and sorted as text.
    """
    numeric = [(article, [text for _, text in article.dates if _NUMERIC_DATE.search(text)]) for article in articles]
    shared = tuple(sorted({text for _, texts in numeric for text in texts}))
    for article, texts in numeric:
        if texts:
            article.sibling_dates = shared


def text_or_none(value: object) -> str | None:
    """Return a string without white space at its ends; None if it is empty or no string."""
    return value.strip() or None if isinstance(value, str) else None


def _name(title: str | None) -> str | None:
    """Return the title of a feed as plain text on one line; None if it is empty."""
    return plain_title(title or "") or None


def _language(tag: str | None) -> str | None:
    """Return a language tag with the hyphens of BCP 47; None if it is empty."""
    return (tag or "").strip().replace("_", "-") or None


def _header_language(header: str | None) -> str | None:
    """Return the language of a Content-Language header, if it names one only."""
    return None if "," in (header or "") else _language(header)


def _text(entry: Entry, key: str) -> str | None:
    value = dict.get(entry, key)
    return value.strip() or None if isinstance(value, str) else None


def _details(entry: Entry, key: str) -> list[Entry]:
    """Return the dicts under a key, whether the key holds one or a list."""
    value = dict.get(entry, key)
    if value is None:
        return []
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _media_type(entry: Entry, key: str) -> str | None:
    detail = dict.get(entry, f"{key}_detail")
    return detail.get("type") if isinstance(detail, dict) else None


def _title(entry: Entry, texts: dict[str, str], is_atom: bool) -> Text | None:
    value = texts.get("title") or texts.get("media_title")
    return title_text(value, is_markup=not is_atom or _media_type(entry, "title") != "text/plain") if value else None


def _summary(entry: Entry, texts: dict[str, str], is_atom: bool) -> Text | None:
    # feedparser copies the content of an entry without a summary to the summary. Then there is no
    # ``summary_detail``.
    if "summary_detail" in entry and (value := texts.get("summary")):
        return body_text(value, is_markup=not is_atom or _media_type(entry, "summary") in _HTML_TYPES)
    value = next(filter(None, map(texts.get, (*_OTHER_SUMMARIES, "media_description"))), None)
    return body_text(value, is_markup=not is_atom) if value else None


def _content(contents: list[Entry], is_atom: bool) -> Text | None:
    """Return the longest content that is text, or None."""
    found = []
    for content in contents:
        media_type = str(content.get("type", ""))
        value = _text(content, "value")
        is_decoded = media_type == _BASE64_TYPE and not (
            _BASE64.fullmatch(value or "") or drop_control_characters(value or "") != (value or "")
        )
        if value and (media_type.startswith("text/") or media_type.endswith("xml") or is_decoded):
            is_markup = not is_atom or media_type.endswith("xml") or media_type in _HTML_TYPES or is_decoded
            found.append(body_text(value, is_markup=is_markup, is_untyped=UNTYPED in content))
    return max(filter(None, found), key=lambda text: len(text.value), default=None)


def _language_of(details: tuple[Entry, ...]) -> str | None:
    languages = (dict.get(detail, "language") for detail in details)
    return next((language for language in languages if isinstance(language, str)), None)


def _text_base(entry: Entry, contents: list[Entry]) -> str | None:
    """Return the absolute xml:base of the text (RFC 4287 section 2), or None."""
    details = (*contents, *_details(entry, "summary_detail"))
    return next((base for detail in details if (base := _text(detail, "base")) and is_http(base)), None)


def _pictures_of(*texts: Text | None) -> Iterator[Picture]:
    for text in texts:
        if text and text.is_html:
            yield from pictures_in(text.value)


def _as(text: Text | None, is_html: bool) -> str | None:
    """Return a text as markup if ``is_html``: all texts of one article are of one kind."""
    if text is None:
        return None
    if not is_html or text.is_html:
        return text.value
    return html.escape(text.value, quote=False).replace("\n", "<br>\n")


def _permalink(texts: dict[str, str], version: str) -> str | None:
    """Return the id of an entry, if it is the URL of the entry.

    An id of Atom and the ``rdf:about`` of RSS 1.0 are often a URL, but need not be that of the
    entry. So they count if there is no link.
    """
    address = texts.get(PERMALINK)
    if address is None and version.startswith(("atom", "rss10")) and "link" not in texts:
        address = texts.get("id")
    return address if address and absolute_link(address, "") else None


def _entry_link(entry: Entry, texts: dict[str, str]) -> str | None:
    link = _link(entry, "alternate") or texts.get("link")
    # A guid counts as a permalink unless it says isPermaLink="false", which many feeds forget. So a
    # guid that is not a URL is no link.
    return None if link == texts.get("id") and dict.get(entry, "guidislink") and not is_http(link) else link


def _link(entry: Entry, relation: str) -> str | None:
    """Return the first link of a relation. Web pages come before other types."""
    links = [
        link
        for link in _details(entry, "links")
        if str(link.get("rel")).removeprefix(_RELATIONS) == relation and text_or_none(link.get("href"))
    ]
    pages = [link for link in links if link.get("type") in _HTML_TYPES]
    best = next(iter(pages or links), None)
    if best is not None:
        return _text(best, "href")
    return _text(entry, "link") if relation == "alternate" else None


def _bylines(entry: Entry) -> tuple[str, ...]:
    """Return the authors of an entry or feed as they are written, each once.

    An e-mail address alone counts only if no author has a name: RSS has the address in ``<author>``
    and the name in ``<dc:creator>``.
    """
    written = (_text(author, "name") or _text(author, "email") for author in _details(entry, "authors"))
    bylines = tuple(dict.fromkeys(byline for byline in written if byline))
    return tuple(byline for byline in bylines if not _ADDRESS.fullmatch(byline)) or bylines


def _keywords(entry: Entry) -> tuple[str, ...]:
    # The label is for people, the term for programs (RFC 4287 section 4.2.2).
    terms = (_text(tag, "label") or _text(tag, "term") for tag in _details(entry, "tags"))
    return tuple(dict.fromkeys(term for term in terms if term))


def _images(entry: Entry, contents: list[Entry], content: Text | None, title: str | None) -> list[Picture]:
    """Return pictures from Media RSS, enclosures, Atom, podcasts and ``<image>`` elements.

    A media:description outside of media:content is the caption if the entry has another text.
    Otherwise it is the summary, and no caption. A media:title is a caption if it is not the title
    of the entry.
    """
    pictures: list[Picture] = []
    enclosures = [link for link in _details(entry, "links") if link.get("rel") == "enclosure"]
    if enclosures or "media_content" in entry or "media_thumbnail" in entry:
        has_other_text = (
            content is not None or "summary_detail" in entry or any(_text(entry, key) for key in _OTHER_SUMMARIES)
        )
        caption = _text(entry, "media_description") if has_other_text else None
        credit = _credit(entry)
        pictures = _media_pictures(entry, caption, credit, title)
        for link in enclosures:
            if (url := _text(link, "href")) and _is_picture(url, None, link.get("type")):
                pictures.append(Picture(url, caption, credit))
    for media in contents:
        if (url := _text(media, "src")) and _is_picture(url, None, media.get("type")):
            pictures.append(Picture(url))
    for key in (PICTURES, "image"):
        pictures += [Picture(url) for image in _details(entry, key) if (url := _text(image, "href"))]
    return pictures


def _media_pictures(entry: Entry, caption: str | None, credit: str | None, title: str | None) -> list[Picture]:
    """Return the pictures in media:content and media:thumbnail.

    A media:group has one picture in several sizes (Media RSS 1.5.1), and so has a media:content
    with its thumbnails. The largest stays. A thumbnail counts if there is nothing else.
    """
    groups: dict[object, list[Picture]] = {}
    for media in _details(entry, "media_content"):
        if (url := _text(media, "url")) and _is_picture(url, media.get("medium"), media.get("type")):
            own_caption = (
                _text(media, "media_description")
                or _caption_of(media, url, title)
                or caption
                or _caption_of(entry, url, title)
            )
            picture = Picture(url, own_caption, _credit(media) or credit, *_size(media))
            groups.setdefault(media.get(GROUP), []).append(picture)
    thumbnails: dict[object, list[Picture]] = {}
    for number, media in enumerate(_details(entry, "media_thumbnail")):
        group = media.get(GROUP, -number - 1)
        if (url := _text(media, "url")) and group not in groups:
            thumbnails.setdefault(group, []).append(Picture(url, caption, credit, *_size(media)))
    return [picture for group in (*groups.values(), *thumbnails.values()) for picture in largest(group)]


def _size(media: Entry) -> tuple[int, int]:
    return pixels(media.get("width")), pixels(media.get("height"))


def _credit(owner: Entry) -> str | None:
    return _text(owner, "media_credit") or _text(owner, "media_copyright")


def _caption_of(owner: Entry, url: str, title: str | None) -> str | None:
    """Return a media:title, unless it is the title of the entry or the name of a file."""
    caption = _text(owner, "media_title")
    if caption is None or caption == title or _letters(caption) in _letters(unquote(url)):
        return None
    return caption


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()


def _is_picture(url: str, medium: object, media_type: object) -> bool:
    if medium or media_type:
        return medium == "image" or str(media_type).startswith("image/")
    return is_picture_path(url)


def _payload(entry: Entry) -> bytes:
    """Return the entry as compact JSON, without what feedparser derived from other parts of it."""
    copied = () if "summary_detail" in entry else ("summary",)
    return codec.encode(
        {key: value for key, value in entry.items() if not key.endswith(("_parsed", "_detail")) and key not in copied}
    )
