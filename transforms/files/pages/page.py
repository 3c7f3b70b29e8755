"""HTML pages: from one page to the parts of an article.

What the page states comes first: JSON-LD (``jsonld.py``), meta elements, links, headings and
``<time>`` (``head.py``). Only the main text is found by trafilatura (``text.py``). A date
is never guessed: one that the page states nowhere stays unknown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.redact import redact_link
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.lines import KEPT_BYTES
from newslake.transforms.files.pages import head as pagehead
from newslake.transforms.files.pages import jsonld
from newslake.transforms.files.pages import text as pagetext

Image = tuple[str, str | None, str | None]

_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://\S+) -->")
"""The mark that browsers write into a page that they save."""
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_SEPARATOR = re.compile(r"(?:\s+[-–—:/]|\s*[|·•»›])\s*\Z")
_OPENING = 3
"""Among so many first paragraphs the headline and the authors are looked for."""
_HEAD_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of an article that a page holds, under the names of ``RawArticle``.

    All texts are plain. ``dates`` are pairs (date_source, text), the most trusted first.
    """

    url: str | None = None
    headline: str | None = None
    description: str | None = None
    body: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    modified: str | None = None
    language: str | None = None
    publisher: str | None = None
    bylines: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TooCostly:
    """A page that would take many seconds; ``detail`` says why."""

    detail: str


def read_page(html: bytes, *, url: str | None = None, charset: str | None = None) -> Page | TooCostly:
    """Return the parts of the article in a page. A page without any of them gives an empty Page.

    ``url`` is where the page was found. If it is None, the page's own canonical URL counts.
    ``charset`` is that of the HTTP header. The caller limits the size, and checks
    ``text.missing_extra`` first.
    """
    text, warnings = pagetext.decode_page(html, charset)
    tree, cut = pagetext.parse_page(text)
    if tree is None:
        return Page(url=url, warnings=warnings)
    if cost := pagetext.costs_too_much(tree):
        return TooCostly(cost)
    saved_from = _SAVED_FROM.search(text, 0, _HEAD_CHARACTERS)
    return _read_tree(tree, url, saved_from[1] if saved_from else None, (*warnings, *cut))


def page_article(
    page: Page | TooCostly, source_uri: str, position: str, settings: SourceSettings, payload: bytes
) -> RawItem:
    """Return the article of a page.

    Return a Reject NO_CONTENT for a page without a headline and a text, TOO_LARGE for one that is
    too costly. An article keeps the beginning of ``payload`` alone, so that a batch of pages
    stays small.
    """
    if isinstance(page, TooCostly):
        detail = f"{position}: {page.detail}"
        return Reject(Stage.READ_ARTICLES, Reason.TOO_LARGE, source_uri, detail, payload[:KEPT_BYTES])
    if not (page.headline or page.body):
        detail = f"{position}: the page has no headline and no text"
        return Reject(Stage.READ_ARTICLES, Reason.NO_CONTENT, source_uri, detail, payload[:KEPT_BYTES])
    return RawArticle(
        source_uri,
        position,
        url=redact_link(page.url) if page.url else None,
        source=settings.source,
        headline=page.headline,
        description=page.description,
        body=page.body,
        body_source="page" if page.body else "none",
        dates=page.dates,
        modified=page.modified,
        language=page.language,
        publisher=page.publisher,
        bylines=page.bylines,
        keywords=page.keywords,
        sections=page.sections,
        images=page.images,
        warnings=page.warnings,
        payload=payload[:KEPT_BYTES],
    )


def _read_tree(tree: Any, url: str | None, saved_from: str | None, warnings: tuple[str, ...]) -> Page:
    metas = pagehead.read_metas(tree)
    nodes = jsonld.read_scripts(_scripts(tree))
    site = _first(pagehead.values(metas, pagehead.PUBLISHERS))
    heading = pagehead.main_heading(tree, site)
    h1 = pagehead.text_in(heading) if heading is not None else None
    titles = (*pagehead.values(metas, pagehead.HEADLINES), h1)
    canonical = pagehead.link_to(tree, "canonical")
    urls = [one for one in (url, canonical, *metas.get("og:url", ())) if one]
    article = jsonld.choose_article(nodes, urls, titles, is_home=any(map(_is_home, urls[:1])))
    page = jsonld.choose_page(nodes)
    found_at = url or saved_from or ""
    base = _joined(found_at, _base(tree)) or found_at
    base = base if _split(base).netloc else ""
    own_url = url or _own_url(base, (canonical, *metas.get("og:url", ()), *jsonld.addresses_of(article), saved_from))
    publisher = _first((*jsonld.names_of(article.get("publisher")), site))
    modified = _first(
        (
            jsonld.text_of(article.get("dateModified")),
            *pagehead.values(metas, pagehead.UPDATED),
            jsonld.text_of(page.get("dateModified")),
        )
    )
    times = list(pagehead.times_of_article(tree, heading))
    dates = list(_dates(article, page, metas, times, modified))
    headline = _headline(article, titles, metas, tree, (publisher, site, _host(own_url)))
    bylines = _bylines(article, metas, tree, heading, publisher)
    body, lost = _body(tree, own_url, article, (headline, h1, *bylines))
    return Page(
        url=own_url,
        headline=headline,
        description=jsonld.text_of(article.get("description")) or _first(pagehead.values(metas, pagehead.DESCRIPTIONS)),
        body=body,
        dates=tuple(dict.fromkeys(dates)),
        modified=modified or next((text for kind, text in times if kind == "updated"), None),
        language=_language(article, page, metas, tree),
        publisher=publisher,
        bylines=bylines,
        keywords=_keywords(article, metas),
        sections=jsonld.texts_of(article.get("articleSection")) or pagehead.first_values(metas, pagehead.SECTIONS),
        images=_images(article, metas, pagehead.figures_of_article(tree, heading), base or own_url or ""),
        warnings=(*warnings, *lost),
    )


def _scripts(tree: Any) -> Iterator[str]:
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().replace(" ", "").startswith("application/ld+json"):
            yield script.text or ""


def _dates(
    article: jsonld.Node, page: jsonld.Node, metas: pagehead.Metas, times: list[tuple[str, str]], modified: str | None
) -> Iterator[tuple[str, str]]:
    for node, key in ((article, "datePublished"), (article, "dateCreated")):
        if text := jsonld.text_of(node.get(key)):
            yield "json_ld", text
    for text in pagehead.values(metas, pagehead.PUBLISHED):
        yield "meta", text
    if text := jsonld.text_of(page.get("datePublished")):
        yield "json_ld", text
    yield from (time for time in times if time[0] == "time")
    if modified:
        yield "updated", modified
    yield from (time for time in times if time[0] == "updated")


def _headline(
    article: jsonld.Node,
    titles: Iterable[str | None],
    metas: pagehead.Metas,
    tree: Any,
    names: Iterable[str | None],
) -> str | None:
    """Return the headline without the name of the site at its end.

    Some sites cut the headline in JSON-LD to 110 characters, which Google once asked for. Then the
    whole one counts, if another place has it.
    """
    title = tree.find(".//title")
    others = [*titles, *pagehead.values(metas, pagehead.OTHER_TITLES), title is not None and pagehead.text_in(title)]
    candidates = [jsonld.text_of(article.get("headline") or article.get("name")), *others]
    headline = next((" ".join(text.split()) for text in candidates if text and text.strip()), None)
    if headline and headline.endswith(("…", "...")):
        begun = headline.rstrip(".… ")
        headline = next(
            (text for text in others if text and text.startswith(begun) and len(text) > len(headline)), headline
        )
    for name in names:
        headline = _without_site(headline, name) if headline and name else headline
    return headline


def _without_site(headline: str, name: str) -> str:
    """Return a headline without " | NAME" at its end.

    >>> _without_site("Harbour opens - The Paper", "The Paper"), _without_site("Papers", "Paper")
    ('Harbour opens', 'Papers')
    """
    if headline[-len(name) :].casefold() != name.casefold():
        return headline
    before = headline[: -len(name)]
    separator = _SEPARATOR.search(before)
    return before[: separator.start()].strip() or headline if separator else headline


def _body(
    tree: Any, url: str | None, article: jsonld.Node, known: Iterable[str | None]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the main text, and a warning if it cannot be read.

    Paragraphs at its beginning that are one of the ``known`` texts, such as the headline, are left
    out. trafilatura joins the lines of a text that only JSON-LD holds; they are parted again.
    """
    try:
        body = pagetext.main_text(tree, url)
    except pagetext.FAULTS:
        return None, (pagetext.NO_PAGE_TEXT,)
    if body is None:
        return None, ()
    paragraphs = body.split("\n\n")
    stated = [line.strip() for line in (jsonld.text_of(article.get("articleBody")) or "").splitlines()]
    if len(paragraphs) == 1 and _squeezed(body) == _squeezed(" ".join(stated)):
        paragraphs = [line for line in stated if line]
    seen = {_squeezed(text) for text in known if text}
    paragraphs = [text for place, text in enumerate(paragraphs) if place >= _OPENING or _squeezed(text) not in seen]
    return "\n\n".join(paragraphs) or None, ()


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _language(article: jsonld.Node, page: jsonld.Node, metas: pagehead.Metas, tree: Any) -> str | None:
    root = tree.getroottree().getroot()
    stated: list[Any] = [article.get("inLanguage"), root.get("lang"), root.get("xml:lang"), page.get("inLanguage")]
    for value in (*stated, *pagehead.values(metas, pagehead.LANGUAGES)):
        for item in jsonld.listed(value):
            tag = (item.get("alternateName") or item.get("name")) if isinstance(item, dict) else item
            if isinstance(tag, str) and _LANGUAGE_TAG.fullmatch(tag.strip()):
                return tag.strip().replace("_", "-")
    return None


def _bylines(
    article: jsonld.Node, metas: pagehead.Metas, tree: Any, heading: Any | None, publisher: str | None
) -> tuple[str, ...]:
    """Return the authors of the first place that names more than the publisher, else its name."""
    fallback: tuple[str, ...] = ()
    places = [jsonld.names_of(article.get("author")), jsonld.names_of(article.get("creator"))]
    places += [tuple(metas.get(name, ())) for name in pagehead.AUTHORS]
    places.append(pagehead.names_in_page(tree, heading))
    for place in places:
        names = tuple(dict.fromkeys(name for name in place if "://" not in name and not name.startswith("@")))
        if any(name.casefold() != (publisher or "").casefold() for name in names):
            return names
        fallback = fallback or names
    return fallback


def _keywords(article: jsonld.Node, metas: pagehead.Metas) -> tuple[str, ...]:
    """Return the keywords. Commas part those of one text, as HTML and schema.org say.

    ``article:tag`` holds one keyword each.
    """
    stated = article.get("keywords")
    if isinstance(stated, list) and len(stated) > 1:
        return jsonld.texts_of(stated)
    if not stated and "article:tag" in metas:
        return tuple(dict.fromkeys(metas["article:tag"]))
    texts = jsonld.texts_of(stated) or pagehead.first_values(metas, pagehead.KEYWORDS)
    return tuple(dict.fromkeys(part.strip() for text in texts for part in text.split(",") if part.strip()))


def _images(
    article: jsonld.Node, metas: pagehead.Metas, figures: Iterable[tuple[str, str]], base: str
) -> tuple[Image, ...]:
    """Return the pictures that the page names as its own, then those with a caption in its text.

    ``og:image`` counts where JSON-LD names no picture: mostly it is the same one in another shape.
    """
    named = list(jsonld.pictures_of(article.get("image")))
    named = named or [(url, None, None) for url in pagehead.first_values(metas, pagehead.IMAGES)]
    found: dict[str, Image] = {}
    for url, caption, credit in (*named, *((url, caption, None) for url, caption in figures)):
        absolute = _joined(base, url.strip())
        if absolute.startswith(("http://", "https://")):
            key = absolute.partition("?")[0]
            first = found.setdefault(key, (absolute, caption, credit))
            found[key] = (first[0], first[1] or caption, first[2] or credit)
    return tuple(found.values())


def _own_url(base: str, stated: Iterable[str | None]) -> str | None:
    """Return the first URL that the page states; one of a site's home page comes last."""
    urls = [_joined(base, url.strip()) for url in stated if url]
    urls = [url for url in urls if url.startswith(("http://", "https://"))]
    return next((url for url in urls if not _is_home(url)), None) or next(iter(urls), None)


def _joined(base: str, url: str) -> str:
    """Return an absolute URL; "" if one of the two is no URL (such as ``http://[x``)."""
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def _split(url: str) -> SplitResult:
    """Return the parts of a URL; empty ones if it is no URL."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_home(url: str) -> bool:
    parts = _split(url)
    return parts.path in ("", "/") and not parts.query


def _base(tree: Any) -> str:
    base = tree.find(".//base[@href]")
    return base.get("href").strip() if base is not None else ""


def _host(url: str | None) -> str | None:
    return (_split(url).hostname or "").removeprefix("www.") or None if url else None


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text.strip() for text in texts if text and text.strip()), None)
