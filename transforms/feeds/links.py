"""The URL of an entry: which of its links names it, and what is mended."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

_NO_LINKS = frozenset({"", "n/a", "na", "null", "nil", "none", "undefined", "false", "-", "#", "about:blank"})
"""What programs write where they have no link, in lower case."""
_LINE_ENDS = re.compile(r"[\t\r\n]\s*")
_SCHEME = re.compile(r"(?:https?:[/\\]*)*(?P<scheme>https?):[/\\]*(?=[^/\\])", re.IGNORECASE)
"""A scheme, also with too few slashes or twice: "http:/host", "https://https://host"."""
_WWW = re.compile(r"www\.[\w-]+(?:\.[\w-]+)+(?=[/?#:]|\Z)", re.IGNORECASE)


def is_http(url: str | None) -> bool:
    """Tell whether ``url`` is an absolute http or https URL."""
    try:
        parts = urlsplit(url or "")
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def join(base: str, url: str) -> str:
    """Return ``url`` made absolute by ``base``, or unchanged if either cannot be read."""
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
    link = _LINE_ENDS.sub("", link.strip())  # as the WHATWG's URL parser does
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
    parts = urlsplit(url)
    if parts.path in ("", "/") and not parts.query:
        return True
    return home is not None and url.partition("#")[0].rstrip("/") == home.partition("#")[0].rstrip("/")


def _begins_with_host(link: str, base: str) -> bool:
    host = urlsplit(base).netloc if is_http(base) else ""
    return bool(host) and link.startswith(f"{host}/")
