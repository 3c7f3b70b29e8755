"""URLs: the one form of an address that names an article, and the domain that it belongs to.

Parsing and writing follow the WHATWG URL Standard, as browsers do. Beyond that only what never names an article is taken away: a wrong
merge loses an article, a missed one is left to the comparison of the texts. So ``http`` and ``https``, the order of the query, the slash
at the end and mobile hosts stay as they are.
"""

import re
import urllib.parse
from functools import lru_cache

import can_ada
import tldextract

TRACKER_PREFIX = "utm_"
"""Urchin and Google Analytics campaign parameters."""

TRACKERS = {
    "_ga": "Google Analytics client id, between domains",
    "_gl": "Google linker",
    "_hsenc": "HubSpot e-mail id",
    "_hsmi": "HubSpot mailing id",
    "cmpid": "campaign id",
    "dclid": "Google Display click id",
    "fbclid": "Facebook click id",
    "gbraid": "Google Ads click id, app",
    "gclid": "Google Ads click id",
    "gclsrc": "Google Ads click source",
    "ico": "link position, Mail Metro Media",
    "igsh": "Instagram share id",
    "igshid": "Instagram share id",
    "ito": "link origin, Mail Metro Media",
    "jsessionid": "session id of Java servlets",
    "mc_cid": "Mailchimp campaign id",
    "mc_eid": "Mailchimp recipient id",
    "mkt_tok": "Marketo recipient token",
    "msclkid": "Microsoft Ads click id",
    "ns_campaign": "Comscore campaign",
    "ns_mchannel": "Comscore channel",
    "ns_source": "Comscore source",
    "phpsessid": "session id of PHP",
    "referrer": "the page that linked",
    "rssfeed": "feed mark, Gannett",
    "smid": "share id, New York Times",
    "ttclid": "TikTok click id",
    "twclid": "Twitter click id",
    "vero_id": "Vero recipient id",
    "wbraid": "Google Ads click id, web",
    "wt_mc": "Webtrekk campaign",
    "wt_zmc": "Webtrekk campaign, Zeit",
    "xtor": "AT Internet campaign",
    "yclid": "Yandex click id",
    "ysclid": "Yandex search click id",
}
"""Query parameters, in lower case, that tell how a reader came and never what is read."""

TRACKER_VALUES = {
    "amp": re.compile("|1|true"),  # asks for the AMP page of the same article
    "cmp": re.compile("rss|share_.*"),  # campaign: of a feed; of the Guardian's share buttons
    "outputtype": re.compile("amp"),
    "ref": re.compile("rss"),
    "rss": re.compile("|1|true"),
    "sid": re.compile("[0-9a-f]{32}"),  # session id of phpBB
    "source": re.compile("rss"),
}
"""Parameters that do so only with such a value, in lower case; with another they may name the article."""

_SESSION_IN_PATH = re.compile(r"(?<=[^/]);jsessionid=[^/;]*", re.IGNORECASE)
"""Java Servlet specification, section 7.1.3."""
_AMP_EXTENSION = re.compile(r"(?<=[^/])(?:[.~]amp)+(?=(?:\.html?)?\Z)")
"""Not "_amp" or "-amp": that may be the amplifier's own page."""
_MIN_SLUG_WORDS = 3


def canonical_url(url: str) -> str | None:
    """The form of an http or https URL by which an article is known; None for anything else, whatever it is.

    Host in lower case and ASCII, no user, default port, fragment (but ``#!``), tracker or session id; the AMP page of an article becomes
    the article where the URL alone shows which it is. Applied to its own result it changes nothing.

    >>> canonical_url("HTTPS://Example.org:443/news?id=7&utm_source=rss#top")
    'https://example.org/news?id=7'
    """
    parsed = _parse(url)
    if parsed is None:
        return None
    path, query, fragment = parsed.pathname, parsed.search, parsed.hash
    clean = _clean_path(path)
    if query:
        query = _clean_query(query)
    canonical = f"{parsed.protocol}//{parsed.host}{clean}{query}"
    if fragment.startswith("#!"):  # the path of a page that a script draws
        canonical += fragment
    # a shorter path may show another rule, or a "." to resolve
    return canonical if clean == path else canonical_url(canonical)


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


def _clean_path(path: str) -> str:
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    if "amp" not in path:
        return path
    parent, _, last = path.removesuffix("/").rpartition("/")
    slug = parent.rpartition("/")[2]
    # "/wiki/amp" may be a page of its own; an article's slug has words
    if last == "amp" and len(re.split("[-_]", slug)) >= _MIN_SLUG_WORDS:
        path = parent + path[len(parent) + len("/amp") :]
    return _AMP_EXTENSION.sub("", path)


def _clean_query(query: str) -> str:
    parameters = query[1:].split("&")
    kept = [parameter for parameter in parameters if not _is_tracker(parameter)]
    if len(kept) == len(parameters):
        return query
    return "?" + "&".join(kept) if any(kept) else ""


def _is_tracker(parameter: str) -> bool:
    name, _, value = parameter.lower().partition("=")
    name = name.removeprefix("amp;")  # "&amp;" that was escaped twice
    if name in TRACKERS or name.startswith(TRACKER_PREFIX):
        return True
    tracking_values = TRACKER_VALUES.get(name)
    return tracking_values is not None and tracking_values.fullmatch(value) is not None


@lru_cache(maxsize=8192)
def _domain_of_host(host: str) -> str:
    parts = _suffix_list().extract_str(host)
    if parts.subdomain and not parts.suffix:  # the list's prevailing rule is "*": an unlisted top-level domain is a suffix
        return f"{parts.subdomain.rpartition('.')[2]}.{parts.domain}"
    return str(parts.top_domain_under_public_suffix) or host


@lru_cache(maxsize=1)
def _suffix_list() -> tldextract.TLDExtract:
    """The snapshot that comes with tldextract: no network and no file outside the package."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True, include_psl_private_domains=True)
