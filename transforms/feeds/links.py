"""The URL of an entry: which of its links names it, and what is mended."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

_NO_LINKS = frozenset({"", "n/a", "na", "null", "nil", "none", "undefined", "false", "-", "#", "about:blank"})
"""What programs write where they have no link, in lower case."""
_PLAIN = re.compile(
    r"https?://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::[0-9]+)?(?P<path>/[\w/.~%+,@!$'()*:=&-]*)"
    r"(?P<query>\?[\w/.~%+,@!$'()*:=&?-]+)?(?:#[\w/.~%+,@!$'()*:=&?-]+)?",
    re.ASCII,
)
"""An absolute URL in the usual form. Nothing needs to be mended in it, and joining does not change
it."""
_LINE_ENDS = re.compile(r"[\t\r\n]\s*")
_SCHEME = re.compile(r"(?:https?:[/\\]*)*(?P<scheme>https?):[/\\]*(?=[^/\\])", re.IGNORECASE)
"""A scheme, also with too few slashes or twice: "http:/host", "https://https://host"."""
_WWW = re.compile(r"www\.[\w-]+(?:\.[\w-]+)+(?=[/?#:]|\Z)", re.IGNORECASE)


def is_plain(url: str) -> bool:
    """Tell whether ``url`` is an absolute http(s) URL in the usual form."""
    return _PLAIN.fullmatch(url) is not None


def is_http(url: str | None) -> bool:
    """Tell whether ``url`` is an absolute http or https URL."""
    if url is None or _PLAIN.fullmatch(url):
        return url is not None
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def split_url(url: str) -> tuple[str, str, str]:
    """Return the host in small letters, the path and the query of a URL that ``is_http``."""
    if plain := _PLAIN.fullmatch(url):
        return plain["host"], plain["path"], (plain["query"] or "")[1:]
    parts = urlsplit(url)
    return parts.hostname or "", parts.path, parts.query


def join(base: str, url: str) -> str:
    """Return ``url`` made absolute by ``base``, or unchanged if either cannot be read."""
    if _PLAIN.fullmatch(url):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def absolute_link(link: str, base: str) -> str | None:
    """Return a link as an absolute http(s) URL; None if it is no link, or one of another scheme.

    A host without a scheme gets one, if it begins with "www." or is the host of ``base``.

    >>> absolute_link("www.news.example/1", ""), absolute_link("http:/news.example/1", "")
    ('https://www.news.example/1', 'http://news.example/1')
    >>> absolute_link("N/A", "https://news.example/"), absolute_link("mailto:ann@news.example", "")
    (None, None)
    """
    link = link.strip()
    if _PLAIN.fullmatch(link):
        return link
    link = _LINE_ENDS.sub("", link)  # as the WHATWG's URL parser does
    if link.lower() in _NO_LINKS:
        return None
    if scheme := _SCHEME.match(link):
        link = f"{scheme['scheme'].lower()}://{link[scheme.end() :]}"
    elif _WWW.match(link) or _begins_with_host(link, base):
        link = f"https://{link}"
    elif link.startswith("//") and not base:
        link = f"https:{link}"
    url = join(base, link)
    return url if is_http(url) else None


def choose_url(links: Iterable[str | None], base: str, home: str | None) -> tuple[str | None, bool]:
    """Return the first URL that names an article, and False.

    If no URL names one, return the first URL, and True. Without any URL, return None and False.
    ``home`` is the home page of the feed, which names no article.
    """
    first: str | None = None
    for link in links:
        url = absolute_link(link, base) if link else None
        if url is None:
            continue
        if not is_void(url, home):
            return url, False
        first = first or url
    return first, first is not None


def is_void(url: str, home: str | None) -> bool:
    """Tell whether an http(s) URL names no article.

    This is the root of a site, or the home page of the feed.
    """
    _, path, query = split_url(url)
    if path in ("", "/") and not query:
        return True
    return home is not None and url.partition("#")[0].rstrip("/") == home.partition("#")[0].rstrip("/")


def _begins_with_host(link: str, base: str) -> bool:
    host = urlsplit(base).netloc if is_http(base) else ""
    return bool(host) and link.startswith(f"{host}/")
