"""Find the one form of a URL that names an article, and the domain that the URL belongs to.

Parsing and writing follow the WHATWG URL Standard, as browsers do. Percent-encoding gets the normal
form of RFC 3986, section 6.2.2. Beyond that, only parts that never name an article are removed
(``url_rules.py``). A wrong merge loses an article; a missed merge is left to the comparison of the
texts. So ``http`` and ``https``, ``www``, the order of the query, doubled slashes, the slash at the
end and ``index.html`` stay: for each of them some site has two pages, and the result has to open.
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
"""Java Servlet specification, section 7.1.3. Not behind a dot: a dot segment would remain."""
_SESSION_SEGMENT = re.compile(r"/\((?:[A-Z]\([A-Za-z0-9]{24,}\))+\)(?=/)")
"""Cookieless sessions of ASP.NET: ``/(S(lit3py55t21z5v55vlm25s55))/``."""
_ESCAPE = re.compile(r"(?P<stray>%(?![0-9A-Fa-f]{2})[0-9A-Fa-f]?)?%(?P<hex>[0-9A-Fa-f]{2})")
"""A percent-encoded octet. ``stray`` is a percent sign before it that starts no escape, but would
start one if this octet were decoded.
"""
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_NOT_NORMAL = re.compile("%(?:[0-9A-Fa-f][a-f]|[a-f][0-9A-F]|2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])")
"""The escapes that have another normal form. Most URLs have none; URLs in other scripts have many
escapes that are normal already.
"""

_APPENDED = re.compile(r"(?=(?:&|%3F)[^/&=]+=[^/]*\Z)")
"""The places in the last segment of a path before what looks like a parameter."""

_DATED = re.compile(r"/(?:19|20)[0-9]{2}(?:[/-](?:[01]?[0-9]|[a-z]{3})[/-]|/?[01][0-9][0-3][0-9]/)", re.IGNORECASE)
_ARTICLE_ID = re.compile(r"[0-9]{5}|[0-9a-f]{8}-[0-9a-f]{4}-|(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{10}")
_NUMBER = re.compile(r"/[0-9.]+/?")
_LONG_ID = re.compile(r"[0-9]{6}|[0-9a-f]{8}-[0-9a-f]{4}-")
_WORD_BREAK = re.compile("[-_]")
_MIN_SLUG_WORDS = 3
"""A slug of so many words names an article. A shorter one may name a section or product, beside
which "amp" may be a page of its own.
"""
_MIN_NAMING_WORDS = 5
"""The same if a parameter might choose from a list: "press-releases-and-statements" names a list.
"""

_MAX_CHARACTERS = 8_192
"""A longer URL is only parsed, because each step below would take its time.

Sites have no such links, and servers refuse them (RFC 9110, section 4.1, asks for 8,000 octets).
"""

_FRAGMENT_DIRECTIVE = ":~:"
"""Starts instructions for the browser, which hides them from the page (WICG "URL Fragment Text
Directives").
"""
_FRAGMENT_WORD = re.compile(r"[a-z]+(?=[A-Z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_HAS_ID = re.compile(r"\d")
_ADDTHIS = (".", "sthash.")
"""Fragments that AddThis and ShareThis write into the address of a page."""

_MAX_REDIRECTS = 8
"""The most redirectors around one target. If there are more, the outermost URL stays. The
bound limits the time, and real links have fewer.
"""
_ABSOLUTE = re.compile(r"https?:/+[^/]", re.IGNORECASE)
_ENCODED_ABSOLUTE = re.compile(r"https?%3a", re.IGNORECASE)
_HOLDS_ABSOLUTE = re.compile(r"https?(?::|%3a)", re.IGNORECASE)


def canonical_url(url: str, *, keep_fragment: bool = False) -> str | None:
    """Return the form of an http or https URL by which an article is known, or None.

    None if ``url`` is anything else. The host is in lower case and ASCII. User, default port,
    trackers, session ids and the fragment go, except a fragment that names an item (see
    ``_item_fragment``). A redirector that carries its target becomes the target. The AMP page of an
    article becomes the article, and a mobile host becomes the site's host, if the URL alone shows
    which one. Applied to its own result, the function changes nothing. A URL of more than 8,192
    characters is only parsed and written.

    With ``keep_fragment`` any fragment stays that may tell one article from another. It is for
    articles without an id of their own: two parts of a page may be two of them.

    >>> canonical_url("HTTPS://Example.org:443/news?id=7&utm_source=rss#top")
    'https://example.org/news?id=7'
    >>> canonical_url("https://www.google.com/amp/s/amp.example.org/two-ships-sink/amp/")
    'https://www.example.org/two-ships-sink/'
    """
    parsed = _parse(url)
    if parsed is None:
        return None
    return _canonical(parsed, _MAX_REDIRECTS, keep_fragment) or _canonical(parsed, None, keep_fragment)


def registrable_domain(url: str) -> str | None:
    """Return the domain that somebody registered: ``bbc.co.uk``, ``someone.blogspot.com``.

    The source is the Public Suffix List with its private part. Return the host itself if it has no
    such domain (an IP address, ``localhost``, a public suffix), and None if ``url`` is not http or
    https.
    """
    parsed = _parse(url)
    return None if parsed is None else _domain_of_host(parsed.hostname)


def absolute_url(url: str, base: str | None) -> str | None:
    """Return ``url`` as an absolute URL, or None if it is not http or https.

    A relative ``url`` starts from ``base``; without ``base`` the result is None.
    """
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
    except (ValueError, TypeError):  # not a URL, or a lone surrogate in it
        return None
    return parsed if parsed.protocol in ("https:", "http:") else None


def _canonical(parsed: can_ada.URL, redirects: int | None, keep_fragment: bool) -> str | None:
    """Return the canonical form, or None if more than ``redirects`` redirectors surround it.

    If ``redirects`` is None, redirectors stay as they are.
    """
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
        if "=" in clean:
            clean = _without_trackers(clean)
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
            canonical += _item_fragment(fragment, path) or (_other_fragment(fragment, path) if keep_fragment else "")
        if article == path and site == parsed.hostname:
            return canonical
        again = _parse(canonical)  # another host or a shorter path may match another rule
        if again is None:
            return canonical
        parsed = again


def _item_fragment(fragment: str, path: str) -> str:
    """Return the part of ``fragment`` that tells items of one page apart, with its "#", or "".

    Kept: the path of a page that a script draws (``#!/story/7``, ``#/story/7``, ``#page/5``), a
    parameter or a word of ``url_rules.ITEM_WORDS`` with an id (``#id=1``, ``#post-1``), a bare id,
    date or version (``#63f0...``, ``#2024-03-05``, ``#v1.2``), and on live pages a fragment with a
    number.

    Dropped: everything else, such as the place of all comments, headings, notes, paragraphs and
    pictures of one article (``#h2-3``, ``#fn1``, ``#cite_note-5``, ``#p12``), ``#top``, trackers,
    text fragments.

    >>> [_item_fragment(it, "/a") for it in ("#post-1", "#id=7&utm_source=x", "#comments", "#top")]
    ['#post-1', '#id=7', '', '']
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
    if not words.isdisjoint(url_rules.NO_ITEM_WORDS) or not _HAS_ID.search(fragment) or fragment.startswith(_ADDTHIS):
        return ""
    if _has_item_word(words) or "/" in fragment or url_rules.LIVE_PAGE.search(path.lower()):
        return f"#{fragment}"
    return ""


def _other_fragment(fragment: str, path: str) -> str:
    """Return a fragment that names no item but may tell articles apart, with its "#", or "".

    Parameters, AddThis's codes and ``url_rules.NOISE`` never do.

    >>> [_other_fragment(it, "/a") for it in ("#photos", "#comments", "#xtor=1", "#top:~:text=x")]
    ['#photos', '', '', '']
    """
    fragment = fragment[1:].partition(_FRAGMENT_DIRECTIVE)[0]
    if fragment in ("", "!", "/") or fragment.startswith(_ADDTHIS) or "=" in fragment:
        return ""
    if url_rules.NOISE.fullmatch(fragment.lower()) or url_rules.ONE_DOCUMENT.search(path.lower()):
        return ""
    return f"#{fragment}"


def _names_item(name: str, value: str) -> bool:
    """Tell whether a parameter in a fragment names an item."""
    words = _words_of_fragment(name)
    return (
        bool(value)
        and _has_item_word(words)
        and words.isdisjoint(url_rules.NO_ITEM_WORDS)
        and not _is_listed_tracker(name.lower())
    )


def _words_of_fragment(fragment: str) -> frozenset[str]:
    """Return the words in lower case: "liveblog-entry-123" has two, and so has "articleId"."""
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
    """Return ``text`` with its escapes in the normal form."""
    return _ESCAPE.sub(_normal_escape, text) if "%" in text and _NOT_NORMAL.search(text) else text


def _normal_escape(escape: re.Match[str]) -> str:
    """Return one escape in the normal form (RFC 3986, sections 6.2.2.1 and 6.2.2.2)."""
    letter = chr(int(escape["hex"], 16))
    if letter in _UNRESERVED and not escape["stray"]:
        return letter
    return f"{escape['stray'] or ''}%{escape['hex'].upper()}"


def _without_trackers(path: str) -> str:
    """Return ``path`` without trackers that were appended to it as if it had a query.

    Some feeds append "&utm_source=rss" to URLs without "?", and some encode the "?".

    >>> _without_trackers("/a&utm_source=rss&b=1"), _without_trackers("/a%3Futm_source=rss")
    ('/a&b=1', '/a')
    """
    first, *appended = _APPENDED.split(path)
    return first + "".join(part for part in appended if not _is_listed_tracker(_appended_name(part)))


def _appended_name(part: str) -> str:
    """Return the name of the parameter in "&name=value", in lower case."""
    return part.lower().removeprefix("&").removeprefix("%3f").removeprefix("amp;").partition("=")[0]


def _without_amp(path: str, rules: "_HostRules") -> str:
    """Return ``path`` without the parts that ask for the AMP page, if the rest names an article."""
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
    if not url_rules.OWN_AMP_SEGMENTS.isdisjoint(segments):
        segments = [segment for segment in segments if segment not in url_rules.OWN_AMP_SEGMENTS]
        path = "/".join(segments)
    rest = [segment for segment in segments if segment.lower() not in url_rules.AMP_SEGMENTS]
    if len(rest) < len(segments):
        filled = [segment.lower() for segment in segments if segment]
        behind = next(count for count, segment in enumerate(reversed(filled)) if segment in url_rules.AMP_SEGMENTS)
        # ".../amp/1"
        if behind == 1 and filled[-1] == "1":
            behind = 0
            rest = rest[: -rest[::-1].index("1") - 1]
        shorter = "/".join(rest)
        # "/amp/12345" may have another numbering than the site
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
    """Tell whether ``path`` names an article.

    It does if it shows a date, or if one of its ``last`` segments has an article's number or a slug
    of at least ``min_words`` words.
    """
    if _DATED.search(path):
        return True
    tail = path.rstrip("/").rsplit("/", last)[1:]
    return any(_ARTICLE_ID.search(segment) or len(_WORD_BREAK.split(segment)) >= min_words for segment in tail)


def _clean_query(query: str, path: str, rules: "_HostRules") -> tuple[str, bool]:
    """Return ``query`` without trackers, and whether a tracker in it asked for the AMP page."""
    query = _in_normal_form(query)
    kept: list[str] = []
    asks_for_amp = False
    for parameter in query[1:].split("&"):
        if not parameter:
            continue
        if "?" in parameter:
            parameter = _without_second_query(parameter)
        name, _, value = parameter.lower().partition("=")
        name = name.removeprefix("amp;")  # "&amp;" that was escaped twice
        if not (_is_tracker(name, value, path, rules) or _is_of_campaign(name, query)):
            kept.append(parameter)
        elif name in url_rules.AMP_PARAMETERS:
            asks_for_amp = True
    return ("?" + "&".join(kept) if kept else ""), asks_for_amp


def _without_second_query(parameter: str) -> str:
    """Return ``parameter`` without a tracker that was appended with a second "?".

    >>> _without_second_query("id=7?utm_source=rss"), _without_second_query("q=who?")
    ('id=7', 'q=who?')
    """
    before, _, appended = parameter.partition("?")
    return before if _is_listed_tracker(appended.lower().partition("=")[0]) else parameter


def _is_of_campaign(name: str, query: str) -> bool:
    """Tell whether a parameter is a tracker because of another one in ``query``."""
    for beginning, other in url_rules.CAMPAIGNS:
        if name.startswith(beginning):
            return any(map(other.match, query[1:].lower().split("&")))
    return False


def _is_tracker(name: str, value: str, path: str, rules: "_HostRules") -> bool:
    if name in rules.trackers or _is_listed_tracker(name):
        return True
    tracking_values = url_rules.TRACKER_VALUES.get(name)
    if tracking_values is not None and tracking_values.fullmatch(value):
        tracking_paths = url_rules.TRACKER_PATHS.get(name)
        return tracking_paths is None or tracking_paths.search(path.lower()) is not None
    if name in url_rules.ORIGINS:
        return not value.isdigit() and _names_article(path, _MIN_NAMING_WORDS, 2)
    return False


def _is_listed_tracker(name: str) -> bool:
    """Tell whether a parameter is a tracker on every site and with every value."""
    return (
        name in url_rules.TRACKERS
        or name.startswith(_TRACKER_PREFIXES)
        or url_rules.TRACKER_NAME.fullmatch(name) is not None
    )


_TRACKER_PREFIXES = tuple(url_rules.TRACKER_PREFIXES)


def _target(parsed: can_ada.URL, rules: "_HostRules") -> can_ada.URL | None:
    """Return the URL that a redirector leads to, or None if this URL does not say it."""
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
    """Return the target that stands in the path in plain text, with its query."""
    if rules.enclosing is None or (match := rules.enclosing.fullmatch(path + query)) is None:
        return None
    groups = match.groupdict()
    if groups.get("bare"):
        return "http://" + str(groups["bare"])
    target: str = groups["target"] + (groups.get("path") or "")
    if "tls" not in groups:
        return target
    # Google's viewer encodes the query of the target.
    before, _, own_query = target.replace("%3f", "%3F").partition("%3F")
    if own_query and "?" not in before:
        target = f"{before}?{urllib.parse.unquote(own_query.replace('?', '&'))}"
    return ("http://" if groups["tls"] is None else "https://") + target


def _encoded(path: str, query: str, rules: "_HostRules") -> str | None:
    """Return the target that a redirector writes in a code of its own."""
    host = rules.host
    if host in url_rules.WHOLE_QUERY_HOSTS:
        return query[1:]
    if host == url_rules.PROOFPOINT_HOST:
        coded = dict(_parameters(query)).get("u", "")
        return urllib.parse.unquote(coded.replace("-", "%").replace("_", "/"))
    if host == url_rules.CACHE_HOST:
        cached = url_rules.CACHED.fullmatch(dict(_parameters(query)).get("q", ""))
        return f"{cached['scheme'] or 'http://'}{cached['rest']}" if cached else None
    if host.endswith("." + url_rules.TRANSLATED_HOST):
        return _translated(host, path, query)
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


def _translated(host: str, path: str, query: str) -> str:
    """Return the URL that Google's translator shows.

    >>> _translated("daily--news-example.translate.goog", "/a", "?_x_tr_sch=http&_x_tr_sl=nl")
    'http://daily-news.example/a?_x_tr_sch=http&_x_tr_sl=nl'
    """
    site = host.removesuffix("." + url_rules.TRANSLATED_HOST).replace("-", ".").replace("..", "-")
    scheme = "http" if dict(_parameters(query)).get("_x_tr_sch") == "http" else "https"
    return f"{scheme}://{site}{path}{query}"


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """Yield the name (in lower case) and the decoded value of each parameter."""
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
    """Decode base64url (RFC 4648, section 5), padded or not; return b"" if it is not valid."""
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""


def _field_of_google_news(message: bytes) -> str | None:
    r"""Return field 4 of the protocol buffer, or None if the message has another form.

    The field follows 08 13 22: its length as a varint of one or two bytes, then its text.

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
    """The rules of ``url_rules`` for one host."""

    host: str
    """Without the dot at the end. For a mobile host known to have the site's paths: the site's
    host.
    """
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
    # Keep the dot of "." and "1..": without it the host would be empty or an IPv4 address.
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
        or host.endswith("." + url_rules.TRANSLATED_HOST)
        or _is_under(url_rules.FEEDSPORTAL_HOSTS, host),
        is_amp=label == "amp",
        site_of_amp=site,
        amp_route=url_rules.AMP_HOST_ROUTES.get(host),
        amp_ending=_of_host(url_rules.AMP_ENDINGS, host),
        is_pangea=_is_under(url_rules.PANGEA_HOSTS, host),
    )


def _is_under(hosts: frozenset[str], host: str) -> bool:
    """Tell whether ``host`` is one of ``hosts``, or a subdomain of one."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels)))


_T = TypeVar("_T")


def _of_host(table: Mapping[str, _T], host: str) -> _T | None:
    """Return the entry of ``host``, else of the nearest domain above it, else None.

    A key "name.*" stands for that name under every public suffix.
    """
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
    # The list's default rule is "*": a top-level domain that it does not list is a suffix.
    if parts.subdomain and not parts.suffix:
        return f"{parts.subdomain.rpartition('.')[2]}.{parts.domain}"
    return str(parts.top_domain_under_public_suffix) or host


@lru_cache(maxsize=1)
def _suffix_list() -> tldextract.TLDExtract:
    """Return the suffix list inside tldextract: no network, no file outside the package."""
    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True, include_psl_private_domains=True
    )
