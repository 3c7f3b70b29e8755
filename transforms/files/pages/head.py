"""What a page says of itself outside of JSON-LD: meta elements, links, headings and times.

The names are those of OpenGraph (https://ogp.me), Dublin Core, schema.org's microdata, HTML itself,
and those that content systems and their readers agreed on (Parsely, Sailthru, Chartbeat, Google).
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

Metas = dict[str, list[str]]
"""The contents of meta elements by their names in small letters."""

PUBLISHED = (
    *("article:published_time", "article:published", "og:article:published_time", "og:published_time"),
    *("datepublished", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "published_time"),
    *("publish-date", "publish_date", "publishdate", "publication_date", "publicationdate", "published-date"),
    *("original-publish-date", "article_date_original", "article.published", "pubdate", "pub_date", "ptime"),
    *("dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "article.created", "dc.date"),
    *("dcterms.date", "citation_publication_date", "citation_date", "rnews:datepublished", "datecreated"),
    *("date.issued", "mediator_published_time", "date"),
)
UPDATED = (
    *("article:modified_time", "og:updated_time", "datemodified", "article.updated", "dc.date.modified"),
    *("dcterms.modified", "last-modified", "lastmod", "last_updated_date", "updated_time", "revised"),
)
HEADLINES = ("og:title", "headline")
OTHER_TITLES = ("twitter:title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title", "title")
AUTHORS = (
    *("author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator"),
    *("dcterms.creator", "citation_author", "cxenseparse:author", "article.author", "mediator_author"),
)
DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description", "dcterms.description")
PUBLISHERS = ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name")
KEYWORDS = ("article:tag", "news_keywords", "keywords", "sailthru.tags", "parsely-tags", "dc.subject")
SECTIONS = ("article:section", "og:article:section", "section", "articlesection", "parsely-section")
LANGUAGES = ("content-language", "inlanguage", "language", "dc.language", "dcterms.language", "og:locale")
IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
"""The names for each field, the most trusted first."""

_NOTHING = frozenset({"null", "none", "undefined", "nan", "n/a", "-"})
"""What programs write where they have no value."""
_ASIDE_TAGS = frozenset({"aside", "nav", "footer", "form", "blockquote"})
_ASIDE = re.compile(
    r"comment|relat|recommend|teaser|sidebar|widget|promo|most-?(?:read|popular)|newsletter|\bcards?\b|disqus",
    re.IGNORECASE,
)
"""Classes of what stands beside an article: comments, and links to other articles."""
_MOST = 200
"""So many headings, times and figures are looked at, so that hostile pages cost little time."""
_SENTENCES = frozenset({"p", "li", "td", "blockquote"})
_MORE_THAN_A_DATE = 100
"""A shorter paragraph with a time mostly says when the page was published or changed."""
_CARDS = frozenset({"vcard", "h-card", "p-author"})
_CONTAINERS = frozenset({"article", "main"})
_UPDATE_WORD = re.compile(r"updat|modif|edited|changed|aktualis|mis-a-jour|actualiz|bijgewerkt", re.IGNORECASE)
_PUBLISH_WORD = re.compile(r"publi|datecreated|pubdate|posted", re.IGNORECASE)


def read_metas(tree: Any) -> Metas:
    """Return the contents of all meta elements by name, property, itemprop or http-equiv.

    Contents that stand for nothing are left out, and the microdata of comments and teasers.
    """
    metas: Metas = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        if meta.get("itemprop") and _is_aside(meta, tree):
            continue
        if content and content.lower() not in _NOTHING:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                for name in (meta.get(attribute) or "").lower().split():
                    metas.setdefault(name, []).append(content)
    return metas


def values(metas: Metas, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the contents under the names, in the order of the names."""
    for name in names:
        yield from metas.get(name, ())


def first_values(metas: Metas, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return all contents under the first of the names that the page has, each once."""
    return tuple(dict.fromkeys(next((metas[name] for name in names if name in metas), ())))


def link_to(tree: Any, relation: str) -> str | None:
    """Return the address of the first ``<link>`` of a relation."""
    for link in tree.iter("link"):
        if relation in (link.get("rel") or "").lower().split() and (link.get("href") or "").strip():
            return str(link.get("href")).strip()
    return None


def main_heading(tree: Any, publisher: str | None) -> Any | None:
    """Return the ``<h1>`` of the article, or None. A logo may be an ``<h1>`` too.

    One within ``<article>`` or ``<main>`` comes before the others.
    """
    headings = [one for one in islice(tree.iter("h1"), _MOST) if (text := text_in(one)) and not _equal(text, publisher)]
    inside = (one for one in headings if any(above.tag in _CONTAINERS for above in one.iterancestors()))
    return next(iter([*inside, *headings]), None)


def times_of_article(tree: Any, heading: Any | None) -> Iterator[tuple[str, str]]:
    """Yield pairs ("time" or "updated", text) for the ``<time>`` elements of the article itself.

    These stand in the same ``<article>`` or ``<main>`` as its heading, but not in an article within
    it, in a link or sentence with other words, or in what stands beside the text. In a page without
    such an element they follow the heading. Only the first one that is not an update counts. One
    that says that it is the date of publication comes before that.
    """
    container = _container(tree, heading)
    times = list(_times_in(container, tree, heading)) if container is not None else []
    if not times and container is tree and (alone := _only_article(tree)) is not None:
        times = list(_times_in(alone, tree, heading))
    for kind in ("published", ""):
        if texts := [text for own, text in times if own == kind]:
            yield "time", texts[0]
            break
    yield from [("updated", text) for kind, text in times if kind == "updated"][:1]


def _times_in(container: Any, tree: Any, heading: Any | None) -> Iterator[tuple[str, str]]:
    """Yield pairs (kind, text) for the ``<time>`` elements of a container; see ``_kind``."""
    begun = container is not tree
    for element in islice(container.iter("h1", "time"), _MOST):
        begun = begun or element is heading
        text = (element.get("datetime") or element.get("content") or "").strip() or text_in(element)
        if element.tag == "time" and begun and text and not (_is_in_link(element) or _is_aside(element, container)):
            kind = _kind(element, container)
            if kind == "published" or not is_in_sentence(element):
                yield kind, text


def names_in_page(tree: Any, heading: Any | None) -> tuple[str, ...]:
    """Return the authors that the article marks by rel, itemprop or class (microformats)."""
    container = _container(tree, heading)
    if container is None:
        return ()
    names = []
    for element in container.iter("a", "span", "div", "p", "address", "meta"):
        marks = {*(element.get("rel") or "").split(), *(element.get("itemprop") or "").split()}
        classes = (element.get("class") or "").split()
        is_author = "author" in marks or ("author" in classes and not _CARDS.isdisjoint(classes))
        if not is_author or _is_aside(element, container):
            continue
        inner = next((one for one in element.iter() if one is not element and one.get("itemprop") == "name"), element)
        if name := (inner.get("content") or "").strip() or text_in(inner):
            names.append(name)
    return tuple(dict.fromkeys(names))


def figures_of_article(tree: Any, heading: Any | None) -> Iterator[tuple[str, str]]:
    """Yield a pair (URL, caption) for each picture of the article that has a caption."""
    container = _container(tree, heading)
    for figure in islice(container.iter("figure"), _MOST) if container is not None else ():
        caption, picture = next(figure.iter("figcaption"), None), next(figure.iter("img"), None)
        if (
            caption is None
            or picture is None
            or next(figure.iterancestors("a"), None) is not None
            or _is_aside(figure, container)
        ):
            continue
        url, text = picture.get("src") or "", text_in(caption)
        url = picture.get("data-src") or "" if url.startswith("data:") else url
        if url and text:
            yield url, text


def is_in_sentence(time: Any) -> bool:
    """Tell whether a ``<time>`` is a part of the text, and not of a line about the page."""
    paragraph = next((above for above in time.iterancestors() if above.tag in _SENTENCES), None)
    return paragraph is not None and len("".join(paragraph.itertext())) > _MORE_THAN_A_DATE


def text_in(element: Any) -> str:
    """Return the text of an element on one line. A ``<br>`` parts words."""
    for line_break in element.iter("br"):
        line_break.text = "\n"
    return " ".join("".join(element.itertext()).split())


def _container(tree: Any, heading: Any | None) -> Any | None:
    """Return the element that holds the article (``times_of_article``); None if it is unknown."""
    if heading is None:
        return _only_article(tree)
    return next((above for above in heading.iterancestors() if above.tag in _CONTAINERS), tree)


def _only_article(tree: Any) -> Any | None:
    articles = list(islice(tree.iter("article"), 2))
    return articles[0] if len(articles) == 1 else None


def _is_aside(element: Any, container: Any) -> bool:
    """Tell whether an element belongs to what stands beside the article."""
    for above in element.iterancestors():
        if above is container:
            return False
        if above.tag in _ASIDE_TAGS or above.tag == "article":
            return True
        if _ASIDE.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
    return False


def _is_in_link(time: Any) -> bool:
    """Tell whether a ``<time>`` stands in a link with other words, as that to another article.

    WordPress links the times of an article to its own address.
    """
    link = next(time.iterancestors("a"), None)
    return link is not None and bool("".join(link.xpath(".//text()[not(ancestor::time)]")).strip())


def _kind(time: Any, container: Any) -> str:
    """Return "published", "updated" or "": what the marks of a ``<time>`` say."""
    marks = [time, *(above for above in time.iterancestors() if above is not container)][:2]
    words = " ".join(f"{one.get('class') or ''} {one.get('itemprop') or ''}" for one in marks)
    if _UPDATE_WORD.search(words):
        return "updated"
    return "published" if _PUBLISH_WORD.search(words) or time.get("pubdate") is not None else ""


def _equal(text: str, other: str | None) -> bool:
    return other is not None and text.casefold() == " ".join(other.split()).casefold()
