"""URLs: the one form of an address that names an article, and the domain that it belongs to.

Parsing and writing follow the WHATWG URL Standard, as browsers do; percent-encoding is brought to the normal form of RFC 3986, section
6.2.2. Beyond that only what never names an article is taken away (``url_rules.py``): a wrong merge loses an article, a missed one is left
to the comparison of the texts. So ``http`` and ``https``, ``www``, the order of the query, doubled slashes, the slash at the end and
``index.html`` stay as they are: some site tells pages apart by each of them, and what is written has to open.
"""

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import can_ada
import tldextract

from newslake.transforms.normalise import url_rules

_SESSION_IN_PATH = re.compile(r"(?<=[^/.]);(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
"""Java Servlet specification, section 7.1.3. Not behind a dot: that would leave a dot segment."""
_SESSION_SEGMENT = re.compile(r"/\((?:[A-Z]\([A-Za-z0-9]{24,}\))+\)(?=/)")
"""Cookieless sessions of ASP.NET: ``/(S(lit3py55t21z5v55vlm25s55))/``."""
_ESCAPE = re.compile(r"(?P<stray>%(?![0-9A-Fa-f]{2})[0-9A-Fa-f]?)?%(?P<hex>[0-9A-Fa-f]{2})")
"""A percent-encoded octet, with the sign before it that is no escape but would become one if this octet were decoded."""
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_NOT_NORMAL = re.compile("%(?:[0-9A-Fa-f][a-f]|[a-f][0-9A-F]|2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])")
"""The escapes that have another normal form: most addresses have none, and those of other scripts have many escapes."""

_DATED = re.compile(r"/(?:19|20)[0-9]{2}(?:[/-](?:[01]?[0-9]|[a-z]{3})[/-]|/?[01][0-9][0-3][0-9]/)", re.IGNORECASE)
_ARTICLE_ID = re.compile(r"[0-9]{5}|[0-9a-f]{8}-[0-9a-f]{4}-|(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{10}")
_NUMBER = re.compile(r"/[0-9.]+/?")
_LONG_ID = re.compile(r"[0-9]{6}|[0-9a-f]{8}-[0-9a-f]{4}-")
_WORD_BREAK = re.compile("[-_]")
_MIN_SLUG_WORDS = 3
"""From here on a slug names an article, and is no name of a section or product beside which "amp" may be a page of its own."""
_MIN_NAMING_WORDS = 5
"""The same where a parameter might choose from a list: "press-releases-and-statements" is the name of one."""

_MAX_CHARACTERS = 8_192
"""A longer address is only parsed: no site links so, servers refuse it (RFC 9110, section 4.1, asks for 8,000 octets), and each of the
steps below would take its time."""

_FRAGMENT_DIRECTIVE = ":~:"
"""WICG "URL Fragment Text Directives": from here on it is said to the browser, which hides it from the page."""
_FRAGMENT_WORD = re.compile(r"[a-z]+(?=[A-Z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_HAS_ID = re.compile(r"\d")

_MAX_REDIRECTS = 8
"""Targets within targets; beyond, the outermost address stays: nobody links so, and the time has a bound."""
_ABSOLUTE = re.compile(r"https?:/+[^/]", re.IGNORECASE)
_ENCODED_ABSOLUTE = re.compile(r"https?%3a", re.IGNORECASE)
_HOLDS_ABSOLUTE = re.compile(r"https?(?::|%3a)", re.IGNORECASE)


def canonical_url(url: str) -> str | None:
    """The form of an http or https URL by which an article is known; None for anything else, whatever it is.

    Host in lower case and ASCII, no user, default port, tracker or session id, and no fragment but one that names an item (see
    ``_item_fragment``); a redirector that carries its target becomes the target; the AMP page of an article becomes the article, and a
    mobile host the site's, where the URL alone shows which it is. Applied to its own result it changes nothing. An address of more than
    8,192 characters is brought to the parser's form and no further.

    >>> canonical_url("HTTPS://Example.org:443/news?id=7&utm_source=rss#top")
    'https://example.org/news?id=7'
    >>> canonical_url("https://www.google.com/amp/s/amp.example.org/two-ships-sink/amp/")
    'https://www.example.org/two-ships-sink/'
    """
    parsed = _parse(url)
    return None if parsed is None else _canonical(parsed, _MAX_REDIRECTS) or _canonical(parsed, None)


def registrable_domain(url: str) -> str | None:
    """The domain that somebody registered, by the Public Suffix List with its private part: ``bbc.co.uk``, ``someone.blogspot.com``.

    The host itself where it has none (an IP address, ``localhost``, a public suffix); None where ``url`` is not http or https.
    """
    parsed = _parse(url)
    return None if parsed is None else _domain_of_host(parsed.hostname)


def absolute_url(url: str, base: str | None) -> str | None:
    """``url``, relative to ``base``, as browsers write it; None where that is no http or https URL."""
    parsed = _parse(url)
    if parsed is None and base:
        try:
            parsed = _parse(urllib.parse.urljoin(base, url))
        except ValueError:  # a bracket in the host that closes no IPv6 address
            return None
    return None if parsed is None else parsed.href


def _parse(url: str) -> can_ada.URL | None:
    try:
        parsed = can_ada.parse(url)
    except (ValueError, TypeError):  # not a URL; holds a lone surrogate
        return None
    return parsed if parsed.protocol in ("https:", "http:") else None


def _canonical(parsed: can_ada.URL, redirects: int | None) -> str | None:
    """None where more than ``redirects`` redirectors lie around the target; with None they are left as they are."""
    while True:
        host, path, query, fragment = parsed.host, parsed.pathname, parsed.search, parsed.hash
        if len(path) + len(query) + len(fragment) > _MAX_CHARACTERS:
            return f"{parsed.protocol}//{host}{path}{query}{fragment}"
        rules = _rules_of_host(parsed.hostname)
        if redirects is not None and (target := _target(parsed, rules)) is not None:
            if not redirects:
                return None
            parsed, redirects = target, redirects - 1
            continue
        clean = _in_normal_form(path)
        if ";" in clean or "/(" in clean:
            clean = _SESSION_SEGMENT.sub("", _SESSION_IN_PATH.sub("", clean))
        article = _without_amp(clean, rules)
        is_amp = rules.is_amp or article != clean
        if query:
            query, asks_for_amp = _clean_query(query, article, rules)
            is_amp = is_amp or asks_for_amp
        site = rules.host
        if rules.site_of_amp and is_amp and article != "/":
            site = rules.site_of_amp
            if rules.amp_route and article.startswith(rules.amp_route[0]):
                article = rules.amp_route[1] + article.removeprefix(rules.amp_route[0])
        canonical = f"{parsed.protocol}//{site}{host[len(parsed.hostname) :]}{article}{query}"
        if fragment:
            canonical += _item_fragment(fragment, path)
        if article == path and site == parsed.hostname:
            return canonical
        again = _parse(canonical)  # another host, or a shorter path, may show another rule
        if again is None:
            return canonical
        parsed = again


def _item_fragment(fragment: str, path: str) -> str:
    """What of ``fragment`` tells items of one page apart, with its "#"; "" where it is only a place in the page, or a tracker.

    It stays where it is the path of a page that a script draws (``#!/story/7``, ``#/story/7``, ``#page/5``), where a parameter or a word
    of ``url_rules.ITEM_WORDS`` comes with an id (``#id=1``, ``#post-1``), where it is an id (``#63f0...``), and on live pages where it
    has a number. The rest goes: comments (no articles), headings, notes and paragraphs (``#h2-3``, ``#fn1``, ``#cite_note-5``, ``#p12``)
    and pictures of one article, ``#top``, trackers, text fragments.

    >>> [_item_fragment(f, "/a") for f in ("#post-1", "#id=7&utm_source=x", "#comment-1", "#top", "#:~:text=one")]
    ['#post-1', '#id=7', '', '', '']
    """
    fragment = fragment[1:].partition(_FRAGMENT_DIRECTIVE)[0]
    if fragment.startswith(("!", "/")):
        return f"#{fragment}" if len(fragment) > 1 else ""
    if url_rules.ONE_DOCUMENT.search(path.lower()):
        return ""
    if "=" in fragment:
        kept = "&".join(parameter for parameter in fragment.split("&") if _names_item(*parameter.partition("=")[::2]))
        return f"#{kept}" if kept else ""
    if url_rules.BARE_ITEM.fullmatch(fragment):
        return f"#{fragment}"
    words = _words_of_fragment(fragment)
    if (
        not words.isdisjoint(url_rules.NO_ITEM_WORDS) or not _HAS_ID.search(fragment) or fragment.startswith(".")
    ):  # ".": AddThis
        return ""
    if _has_item_word(words) or "/" in fragment or url_rules.LIVE_PAGE.search(path.lower()):
        return f"#{fragment}"
    return ""


def _names_item(name: str, value: str) -> bool:
    """Whether a parameter in a fragment does."""
    words = _words_of_fragment(name)
    return (
        bool(value)
        and _has_item_word(words)
        and words.isdisjoint(url_rules.NO_ITEM_WORDS)
        and not _is_listed_tracker(name.lower())
    )


def _words_of_fragment(fragment: str) -> frozenset[str]:
    """In lower case, parted at digits, marks and capitals: "liveblog-entry-123", "articleId"."""
    return frozenset(word.lower() for word in _FRAGMENT_WORD.findall(fragment))


def _has_item_word(words: frozenset[str]) -> bool:
    if not words.isdisjoint(url_rules.ITEM_WORDS):
        return True
    return any(
        word.endswith(end) and word[: -len(end)] in url_rules.ITEM_WORDS
        for word in words
        for end in url_rules.ITEM_WORD_ENDINGS
    )


def _in_normal_form(text: str) -> str:
    """``text`` with its escapes in the normal form."""
    return _ESCAPE.sub(_normal_escape, text) if "%" in text and _NOT_NORMAL.search(text) else text


def _normal_escape(escape: re.Match[str]) -> str:
    """RFC 3986, sections 6.2.2.1 and 6.2.2.2."""
    letter = chr(int(escape["hex"], 16))
    if letter in _UNRESERVED and not escape["stray"]:
        return letter
    return f"{escape['stray'] or ''}%{escape['hex'].upper()}"


def _without_amp(path: str, rules: "_HostRules") -> str:
    """``path`` without what asks for the AMP page, where enough is left to name an article."""
    if rules.amp_ending is not None:
        path = rules.amp_ending.sub("", path)
    if "amp" not in path.lower():
        return path
    for route in url_rules.AMP_ROUTES:
        while path.startswith(route):
            path = path[len(route) - 1 :]
    if rules.is_pangea and path.startswith("/amp/"):
        path = "/a/" + path.removeprefix("/amp/")
    segments = path.split("/")
    rest = [segment for segment in segments if segment.lower() not in url_rules.AMP_SEGMENTS]
    if len(rest) < len(segments):
        filled = [segment.lower() for segment in segments if segment]
        behind = next(count for count, segment in enumerate(reversed(filled)) if segment in url_rules.AMP_SEGMENTS)
        if behind == 1 and filled[-1] == "1":  # ".../amp/1"
            behind = 0
            rest = rest[: -rest[::-1].index("1") - 1]
        shorter = "/".join(rest)
        # "/amp/12345" may be numbered apart from the site
        if _names_article(shorter, _MIN_SLUG_WORDS, min(behind, 2) or 1) and not (
            behind and _NUMBER.fullmatch(shorter)
        ):
            path = shorter
    for form, instead in url_rules.AMP_FORMS:
        if (found := form.search(path)) is None:
            continue
        if instead != url_rules.BEHIND_ID:
            path = path[: found.start()] + instead + path[found.end() :]
        elif _LONG_ID.search(path.rpartition("/")[2]):
            path = path[: found.start()] + path[found.end() :]
    return path


def _names_article(path: str, min_words: int, last: int) -> bool:
    """Whether ``path`` shows a date, or one of its ``last`` segments an article's number or a slug of ``min_words``."""
    if _DATED.search(path):
        return True
    tail = path.rstrip("/").rsplit("/", last)[1:]
    return any(_ARTICLE_ID.search(segment) or len(_WORD_BREAK.split(segment)) >= min_words for segment in tail)


def _clean_query(query: str, path: str, rules: "_HostRules") -> tuple[str, bool]:
    """``query`` without trackers, and whether one of them asked for the AMP page."""
    query = _in_normal_form(query)
    kept: list[str] = []
    asks_for_amp = False
    for parameter in query[1:].split("&"):
        if not parameter:
            continue
        name, _, value = parameter.lower().partition("=")
        name = name.removeprefix("amp;")  # "&amp;" that was escaped twice
        if not _is_tracker(name, value, path, rules):
            kept.append(parameter)
        elif name in url_rules.AMP_PARAMETERS:
            asks_for_amp = True
    return ("?" + "&".join(kept) if kept else ""), asks_for_amp


def _is_tracker(name: str, value: str, path: str, rules: "_HostRules") -> bool:
    if name in rules.trackers or _is_listed_tracker(name):
        return True
    tracking_values = url_rules.TRACKER_VALUES.get(name)
    if tracking_values is not None and tracking_values.fullmatch(value):
        tracking_paths = url_rules.TRACKER_PATHS.get(name)
        return tracking_paths is None or tracking_paths.search(path.lower()) is not None
    if name in url_rules.ORIGINS:
        return not value.isdigit() and _names_article(path, _MIN_NAMING_WORDS, 2)
    return url_rules.TRACKER_NAME.fullmatch(name) is not None


def _is_listed_tracker(name: str) -> bool:
    return name in url_rules.TRACKERS or name.startswith(_TRACKER_PREFIXES)


_TRACKER_PREFIXES = tuple(url_rules.TRACKER_PREFIXES)


def _target(parsed: can_ada.URL, rules: "_HostRules") -> can_ada.URL | None:
    """The address that a redirector leads to, where it says so itself."""
    query = parsed.search
    if not rules.is_redirector:
        if not query or _HOLDS_ABSOLUTE.search(query) is None:
            return None
        if parsed.pathname.rstrip("/").rpartition("/")[2].lower() not in url_rules.REDIRECT_SEGMENTS:
            return None
        for name, value in _parameters(query):
            if (
                name in url_rules.REDIRECT_PARAMETERS
                and (target := _absolute(value))
                and target.hostname != parsed.hostname
            ):
                return target
        return None
    path = parsed.pathname
    for start, parameter in rules.redirects:
        if path.startswith(start):
            for name, value in _parameters(query):
                if name == parameter and (target := _absolute(value)):
                    return target
    for decode in (_enclosed, _encoded):
        if (text := decode(path, query, rules)) and (target := _absolute(text)):
            return target
    return None


def _enclosed(path: str, query: str, rules: "_HostRules") -> str | None:
    """The target that stands in the path as it is, with its query."""
    if rules.enclosing is None or (match := rules.enclosing.fullmatch(path + query)) is None:
        return None
    groups = match.groupdict()
    target: str = groups["target"] + (groups.get("path") or "")
    if "tls" not in groups:
        return target
    before, _, own_query = target.replace("%3f", "%3F").partition("%3F")  # Google's viewer encodes the target's query
    if own_query and "?" not in before:
        target = f"{before}?{urllib.parse.unquote(own_query.replace('?', '&'))}"
    return ("http://" if groups["tls"] is None else "https://") + target


def _encoded(path: str, query: str, rules: "_HostRules") -> str | None:
    """The target that a redirector's own code hides."""
    host = rules.host
    if host in url_rules.WHOLE_QUERY_HOSTS:
        return query[1:]
    if host == url_rules.PROOFPOINT_HOST:
        coded = dict(_parameters(query)).get("u", "")
        return urllib.parse.unquote(coded.replace("-", "%").replace("_", "/"))
    if host == url_rules.BING_HOST and path == "/ck/a":
        return _from_base64(dict(_parameters(query)).get("u", "").removeprefix("a1")).decode("ascii", "ignore")
    if host == url_rules.GOOGLE_NEWS_HOST and (match := url_rules.GOOGLE_NEWS.fullmatch(path)) is not None:
        return _field_of_google_news(_from_base64(match["token"]))
    if host == url_rules.YOUTUBE_SHORT_HOST and (match := url_rules.YOUTUBE_SHORT.fullmatch(path)) is not None:
        return f"https://www.youtube.com/watch?v={match['id']}"
    if (match := url_rules.FEEDSPORTAL.fullmatch(path)) is not None:
        codes = url_rules.FEEDSPORTAL_CODES
        letters = set(re.findall("0(.?)", match["target"]))
        return re.sub("0(.)", lambda code: codes[code[1]], match["target"]) if letters <= codes.keys() else None
    return None


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """(name in lower case, value decoded) of each parameter."""
    for parameter in query[1:].split("&"):
        name, _, value = parameter.partition("=")
        yield name.lower().removeprefix("amp;"), urllib.parse.unquote(value)


def _absolute(text: str) -> can_ada.URL | None:
    if _ENCODED_ABSOLUTE.match(text):  # encoded twice
        text = urllib.parse.unquote(text)
    if _ABSOLUTE.match(text) is None:
        return None
    parsed = _parse(text)
    return parsed if parsed is not None and "." in parsed.hostname else None


def _from_base64(text: str) -> bytes:
    """RFC 4648, section 5, with or without padding; b"" for what is none."""
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""


def _field_of_google_news(message: bytes) -> str | None:
    r"""Field 4 of the protocol buffer: behind 08 13 22 the length as a varint of one or two bytes, then the text.

    >>> _field_of_google_news(b"\x08\x13\x22\x13https://a.example/7\xd2\x01\x00")
    'https://a.example/7'
    """
    if not message.startswith(b"\x08\x13\x22") or len(message) < 6:
        return None
    length, start = message[3], 4
    if length >= 0x80:
        length, start = (length & 0x7F) | message[4] << 7, 5
    text = message[start : start + length]
    return text.decode("ascii", "ignore") if len(text) == length else None


@dataclass(frozen=True, slots=True)
class _HostRules:
    """What ``url_rules`` says of one host."""

    host: str
    """Without the root's dot; of a mobile host that is known to have the site's paths, the site's."""
    trackers: frozenset[str]
    redirects: tuple[tuple[str, str], ...]
    enclosing: re.Pattern[str] | None
    is_redirector: bool
    is_amp: bool
    """The host serves AMP pages only."""
    site_of_amp: str | None
    amp_route: tuple[str, str] | None
    amp_ending: re.Pattern[str] | None
    is_pangea: bool


@lru_cache(maxsize=8192)
def _rules_of_host(hostname: str) -> _HostRules:
    # not of "." or "1..": nothing, or an IPv4 address, would be left
    host = hostname.removesuffix(".") if hostname.strip(".") and not hostname.endswith("..") else hostname
    redirects = _of_host(url_rules.REDIRECTORS, host) or ()
    enclosing = _of_host(url_rules.ENCLOSING_PATHS, host)
    label, _, rest = host.partition(".")
    site = None
    if label in url_rules.MOBILE_LABELS:
        domain = _domain_of_host(host)
        if rest == domain:
            site = rest if rest in url_rules.BARE_HOSTS else f"www.{rest}"
        elif rest.endswith("." + domain):
            site = rest
    if (mobile := url_rules.WIKIMEDIA_MOBILE.fullmatch(host)) is not None:
        host = f"{mobile['language']}.{mobile['project']}"
    host = url_rules.MOBILE_HOSTS.get(host, host)
    return _HostRules(
        host=host,
        trackers=frozenset((_of_host(url_rules.HOST_TRACKERS, host) or "").split()),
        redirects=redirects,
        enclosing=enclosing,
        is_redirector=bool(redirects or enclosing)
        or host in url_rules.CODING_HOSTS
        or _is_under(url_rules.FEEDSPORTAL_HOSTS, host),
        is_amp=label == "amp",
        site_of_amp=site,
        amp_route=url_rules.AMP_HOST_ROUTES.get(host),
        amp_ending=_of_host(url_rules.AMP_ENDINGS, host),
        is_pangea=_is_under(url_rules.PANGEA_HOSTS, host),
    )


def _is_under(hosts: frozenset[str], host: str) -> bool:
    """Whether ``host`` is one of ``hosts``, or below one."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels)))


_T = TypeVar("_T")


def _of_host(table: Mapping[str, _T], host: str) -> _T | None:
    """The entry of ``host``, else of the nearest host above it; "name.*" stands for that name under every public suffix."""
    labels = host.split(".")
    for start, label in enumerate(labels):
        above = ".".join(labels[start:])
        if above in table:
            return table[above]
        if f"{label}.*" in table and _domain_of_host(above) == above:
            return table[f"{label}.*"]
    return None


@lru_cache(maxsize=8192)
def _domain_of_host(host: str) -> str:
    parts = _suffix_list().extract_str(host)
    if (
        parts.subdomain and not parts.suffix
    ):  # the list's prevailing rule is "*": an unlisted top-level domain is a suffix
        return f"{parts.subdomain.rpartition('.')[2]}.{parts.domain}"
    return str(parts.top_domain_under_public_suffix) or host


@lru_cache(maxsize=1)
def _suffix_list() -> tldextract.TLDExtract:
    """The snapshot that comes with tldextract: no network and no file outside the package."""
    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True, include_psl_private_domains=True
    )
