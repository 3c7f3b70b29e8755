"""JSON-LD in a page: find the object that describes the page's article, and read its values.

Sites embed it as schema.org's Article and its subtypes (https://schema.org/Article). Search engines
read it leniently, so much of it is not valid JSON. This module repairs what they accept too.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from newslake.schemas import codec

Node = dict[str, Any]

_COMMENT = re.compile(r"\s*+(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)")
_COMMENT_ENDS = ("-->", "]]>", "/* ]]> */", "/*]]>*/")
"""Marks that hid scripts from old browsers and XML parsers."""
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|,(?=\s*[}\]])|/\*[^*]{0,1000}\*/|(?<=[\s{}\[\],])//[^\n]*', re.DOTALL
)
"""A string, and what JSON forbids outside of one: a last comma, a comment."""
_CONTROL = re.compile("[\x00-\x1f]")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4}).?', re.DOTALL)
_VALUE_GAP = re.compile(r"(?<=[}\]])\s*+(?:,\s*+)?(?=[{\[])")
"""Where two objects follow each other in one script."""
_INLINE_TAG = re.compile(r"</?(?:a|b|br|cite|em|i|mark|p|q|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE)

_ARTICLE_ENDINGS = ("Article", "Posting", "Report")
"""Names of types that describe an article end so: NewsArticle, BlogPosting, Report."""
_PAGE_TYPES = frozenset({"WebPage", "ItemPage"})
_MAIN = ("mainEntity", "mainEntityOfPage")
_MOST_DEPTH = 20
_VALUE_KEYS = ("@value", "name", "url", "@id", "text")
_ADDRESS_KEYS = ("url", "contentUrl", "@id")


def read_scripts(scripts: Iterable[str]) -> list[Node]:
    """Return the objects of JSON-LD scripts, those of top-level lists and of ``@graph`` too.

    A script beyond repair is left out. A reference ``{"@id": ...}`` becomes the object that it
    names.
    """
    nodes: list[Node] = []
    for script in scripts:
        for value in _values(script):
            nodes.extend(_top_nodes(value))
    by_id = {node["@id"]: node for node in _all_nodes(nodes) if isinstance(node.get("@id"), str) and len(node) > 1}
    return [_resolved(node, by_id) for node in nodes]


def choose_article(
    nodes: list[Node], urls: Iterable[str | None], titles: Iterable[str | None], *, is_home: bool = False
) -> Node:
    """Return the object of the page's article; {} if it is absent.

    ``urls`` and ``titles`` are what the page calls itself elsewhere. A list of teasers has an
    object for each teaser. So if there are several, or the page is the home page of its site
    (``is_home``), the one object must have such a URL or title.
    """
    articles = [node for node in nodes if _is_article(node)]
    articles += [
        part
        for node in nodes
        if not _is_article(node)
        for key in _MAIN
        for part in listed(node.get(key))
        if _is_article(part)
    ]
    own = {_bare(url) for url in urls if url}
    named = [node for node in articles if own & {_bare(url) for url in addresses_of(node)}]
    if named or (len(articles) < 2 and not is_home):
        return next(iter(named or articles), {})
    known = {_squeezed(title) for title in titles if title}
    return next((node for node in articles if _squeezed(text_of(node.get("headline")) or "") in known), {})


def choose_page(nodes: list[Node]) -> Node:
    """Return the object of the page, which may have dates and a language; {} if it is absent."""
    return next((node for node in nodes if not _PAGE_TYPES.isdisjoint(types_of(node))), {})


def types_of(node: object) -> set[str]:
    """Return the names of an object's types without their vocabulary.

    >>> types_of({"@type": "https://schema.org/NewsArticle"})
    {'NewsArticle'}
    """
    names = listed(node.get("@type")) if isinstance(node, dict) else []
    return {re.split(r"[/#:]", name)[-1] for name in names if isinstance(name, str)}


def listed(value: object) -> list[Any]:
    """Return a value as a list. schema.org allows a list wherever it allows a value."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text_of(value: object) -> str | None:
    """Return the text of a value; None if it has no text.

    Strings, numbers and objects with a name have one. The first text of a list counts.

    Character references are resolved and inline tags dropped, since many sites fill JSON-LD from
    HTML.
    """
    for item in listed(value):
        if isinstance(item, dict):
            item = next((item[key] for key in _VALUE_KEYS if isinstance(item.get(key), str)), None)
        if isinstance(item, (str, int, float)) and not isinstance(item, bool) and (text := _plain(str(item))):
            return text
    return None


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of all values of a list, each once."""
    return tuple(dict.fromkeys(text for item in listed(value) if (text := text_of(item))))


def names_of(value: object) -> tuple[str, ...]:
    """Return the names of persons and organisations, in any shape that sites give them."""
    names: list[str] = []
    for item in listed(value):
        if isinstance(item, dict):
            parts = (text_of(item.get(key)) for key in ("givenName", "familyName"))
            given = item.get("name") or item.get("alternateName") or " ".join(filter(None, parts))
            names.extend(text for name in listed(given) if (text := text_of(name)))
        elif text := text_of(item):
            names.append(text)
    return tuple(dict.fromkeys(names))


def pictures_of(value: object) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield a tuple (URL, caption, credit) for each ImageObject or URL of a picture."""
    for item in listed(value):
        if isinstance(item, dict):
            urls = [url for key in _ADDRESS_KEYS for url in listed(item.get(key)) if isinstance(url, str)]
            credit = text_of(item.get("creditText")) or next(iter(names_of(item.get("author"))), None)
            if urls:
                yield urls[0], text_of(item.get("caption")), credit
        elif isinstance(item, str):
            yield item, None, None


def _values(script: str) -> Iterator[Any]:
    script = _without_marks(script)
    if script.lstrip()[:8].startswith(("{&quot;", "[{&quot;", "{&#34;", "[{&#34;")):
        script = html.unescape(script)
    for repaired in (script, _TOKEN.sub(_repair, script)):
        for text in (repaired, f"[{_VALUE_GAP.sub(',', repaired)}]"):
            try:
                yield codec.decode_foreign(text.encode("utf-8", "replace"))[0]
            except codec.InvalidJsonError:
                continue
            return


def _without_marks(script: str) -> str:
    """Return a script without the marks around it, and without a semicolon at its end."""
    script = script.lstrip("\ufeff").rstrip("; \t\r\n")
    begun = _COMMENT.match(script)
    for mark in _COMMENT_ENDS:
        script = script.removesuffix(mark)
    return script[begun.end() if begun else 0 :].rstrip("/; \t\r\n")


def _repair(token: re.Match[str]) -> str:
    """Return a string with its escapes and control characters repaired; "" for other tokens."""
    text = token[0]
    if not text.startswith('"'):
        return ""
    text = _BAD_ESCAPE.sub(lambda bad: bad[0][1:], text)
    return _CONTROL.sub(lambda control: f"\\u{ord(control[0]):04x}", text)


def _top_nodes(value: object, depth: int = 0) -> Iterator[Node]:
    for item in listed(value):
        if isinstance(item, list) and depth < _MOST_DEPTH:
            yield from _top_nodes(item, depth + 1)
        elif isinstance(item, dict):
            yield item
            if depth < _MOST_DEPTH:
                yield from _top_nodes(item.get("@graph"), depth + 1)


def _all_nodes(nodes: list[Node]) -> Iterator[Node]:
    """Yield the objects and those in their values: a reference names one of these."""
    for node in nodes:
        yield node
        for value in node.values():
            yield from (item for item in listed(value) if isinstance(item, dict))


def _resolved(node: Node, by_id: dict[str, Node]) -> Node:
    """Return an object with the objects that its values refer to, one level deep."""

    def follow(value: Any) -> Any:
        if isinstance(value, list):
            return [follow(item) if isinstance(item, dict) else item for item in value]
        is_reference = isinstance(value, dict) and len(value) == 1 and isinstance(value.get("@id"), str)
        return by_id.get(value["@id"], value) if is_reference else value

    return {key: follow(value) for key, value in node.items()}


def _is_article(node: object) -> bool:
    return any(name.endswith(_ARTICLE_ENDINGS) for name in types_of(node))


def addresses_of(node: Node) -> Iterator[str]:
    """Yield the URLs by which an object names its page."""
    for key in ("url", "mainEntityOfPage", "@id"):
        for value in listed(node.get(key)):
            address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
            if isinstance(address, str):
                yield address


def _bare(url: str) -> str:
    """Return a URL without what differs between two addresses of one page."""
    address = re.sub(r"\A\s*(?:https?:)?//(?:www\.|m\.)?", "", url.partition("#")[0].partition("?")[0])
    return address.strip().rstrip("/").lower()


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _plain(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    return (_INLINE_TAG.sub("", text) if "<" in text else text).strip()
