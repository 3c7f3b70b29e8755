"""Remove secrets from URLs and texts before they are written or logged.

``redact`` is for what is shown. What a source or an article is known by must stay different where
only a secret differs: ``source_name``, ``source_key`` and ``redact_link`` see to that.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar
from urllib.parse import quote, unquote, unquote_plus

MASK = "***"

_FIRST_NAMES = frozenset(
    {"token", "key", "apikey", "api_key", "access_token", "sig", "signature", "hmac", "auth", "session"}
    | {"pass", "passwd", "password", "pwd", "secret", "credential", "credentials"}
)
_FIRST_ENDINGS = ("token", "secret", "signature", "password", "apikey", "api_key", "api-key", "subscription-key")
"""Endings of secret names. Vendors put a word before them: client_secret, X-Amz-Signature.

With these names lakes know their sources, so they stay as they are. Add others below."""
_MORE_NAMES = frozenset(
    {"jwt", "pat", "passphrase", "passcode", "authorization", "bearer", "user_credentials", "sessid", "jsessionid"}
    | {f"{word}{dash}key" for word in ("auth", "feed", "rss", "user", "private", "access") for dash in ("", "_", "-")}
    | {f"{word}{dash}key" for word in ("secret", "license", "account", "client") for dash in ("", "_", "-")}
)
_MORE_ENDINGS = ("sessid", "sessionid", "session_id", "session-id", "credential", "credentials")
"""As in PHPSESSID and ASP.NET_SessionId. "sid" is not among them: it often names a story."""

_USERINFO = re.compile(
    r"\A(?P<scheme>\s*[A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@|\A(?P<start>\s*(?://)?)[^/?#\s:@]+:[^/?#\s@]+@"
)
"""A user and password before "@", after a scheme, or without one (``user:pass@host``)."""
_PARAMETER = re.compile(r"(?P<before>[?&;#])(?P<name>[^=&;#?/]+)=(?P<value>[^&;#]*)")
_PATH = re.compile(r"\A[^?#]*")
_PATH_PARAMETER = re.compile(r"(?P<before>;)(?P<name>[^=;/]+)=(?P<value>[^;/]*)")
"""As in ``/news;jsessionid=1A2B/story`` (RFC 3986 section 3.3)."""
_MASKED = re.compile(r"\*{3}(?:[0-9a-f]{8})?")
_SECRET_HEADER = re.compile(r"auth|token|key|secret|pass|session|credential|signature", re.IGNORECASE)
_COOKIE = re.compile(r"(?P<name>[^=;\s]+)=(?P<value>[^;]*)")
_URL_FORM = r"https?://[^\s\"'<>\\]+"
_URL, _URL_BYTES = re.compile(_URL_FORM, re.IGNORECASE), re.compile(_URL_FORM.encode(), re.IGNORECASE)
_WORD_BREAK = re.compile(r"[\s,;=\"']+")
_LEAST_VALUE = 6
_LEAST_WORD = 8
"""In letters. Shorter words of a header, such as "Bearer", stand in ordinary sentences."""

Text = TypeVar("Text", str, bytes)


def redact(url: str) -> str:
    """Return ``url`` with ``***`` for its userinfo and for the values of its secret parameters.

    >>> redact("https://user:pass@example.org/feed?lang=nl&token=abc")
    'https://***@example.org/feed?lang=nl&token=***'

    Userinfo is the user and password before the host (RFC 3986 section 3.2.1). A parameter of the
    path, query or fragment is secret if its name looks like that of a secret. The rest of the URL
    does not change. A second pass changes nothing.
    """
    return _replace(url, lambda _name, _value: MASK)


def redact_link(url: str) -> str:
    """Return ``url`` redacted, with a digest of each secret value after its mask.

    So two links of articles that differ in such a value alone stay two. The digest also depends on
    the URL before its query.

    >>> redact_link("https://example.org/story?jwt=abc")
    'https://example.org/story?jwt=***c3c78d40'
    """
    return _replace(url, partial(_digest, url))


def redact_links(text: Text) -> Text:
    """Return a text, or bytes, in which every http(s) URL is redacted as ``redact_link`` does."""
    if isinstance(text, bytes):
        return _URL_BYTES.sub(lambda found: redact_link(found[0].decode("latin-1")).encode("latin-1"), text)
    return _URL.sub(lambda found: redact_link(found[0]), text)


def source_name(url: str) -> str:
    """Return what a source is called: ``url`` redacted so that two sources keep two names.

    The names that were secret from the first version on get ``***`` alone, so lakes know their
    sources again. The others get a digest as well.
    """
    return _replace(url, lambda name, value: MASK if _is_first(name) else _digest(url, name, value))


def source_key(url: str) -> str:
    """Return ``url`` as the namespace of a source's ids, which the lake keeps as a hash only.

    Only the names that were secret from the first version on are masked, so the ids stay.
    """
    return _replace(url, lambda name, value: MASK if _is_first(name) else value)


def secret_values(url: str) -> tuple[str, ...]:
    """Return the secrets that ``redact`` would hide: a password, and values of parameters.

    A user without a password counts, because it may be a token. So does the form of both that HTTP
    basic authentication sends (RFC 7617).
    """
    found: list[str] = []

    def note(_name: str, value: str) -> str:
        found.append(unquote_plus(value))
        return MASK

    _replace(url, note)
    if userinfo := _USERINFO.match(url):
        user, _, password = userinfo[0].rpartition("/")[2].removesuffix("@").partition(":")
        found.append(unquote(password or user))
        found.append(base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode("utf-8", "replace")).decode())
    return tuple(found)


def secret_words(values: Iterable[str]) -> tuple[str, ...]:
    """Return what must not be shown of secret values, such as those of headers; longest first.

    That is each value of six letters or more and each word of eight or more, also as they are
    written in URLs, HTML, JSON and small letters.
    """
    words: set[str] = set()
    for value in values:
        words |= {value.strip()} if len(value.strip()) >= _LEAST_VALUE else set()
        words |= {word for word in _WORD_BREAK.split(value) if len(word) >= _LEAST_WORD}
    forms = {form for word in words for form in _forms(word)}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def secret_headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the values of request headers that are secret by their names, such as Authorization.

    A Cookie header gives the values of the cookies with such names. The other values may stand in
    the text of any article: "Cookie: consent=accepted".
    """
    for name, value in headers:
        if name.strip().lower() == "cookie":
            yield from (found["value"] for found in _COOKIE.finditer(value) if _is_secret(found["name"].lower()))
        elif _SECRET_HEADER.search(name):
            yield value


def hide(text: Text, words: Sequence[str]) -> Text:
    """Return ``text`` with ``***`` for each of the words."""
    for word in words:
        text = text.replace(word, MASK) if isinstance(text, str) else text.replace(word.encode(), MASK.encode())
    return text


def _forms(word: str) -> tuple[str, ...]:
    return word, word.lower(), quote(word), quote(word, safe=""), html.escape(word), json.dumps(word)[1:-1]


def _replace(url: str, masked: Callable[[str, str], str]) -> str:
    """Replace the userinfo, and each secret value by what ``masked`` makes of name and value."""
    if "=" not in url and "@" not in url:  # most URLs of feeds
        return url

    def mask(match: re.Match[str]) -> str:
        name = unquote_plus(match["name"]).strip().lower()
        if not _is_secret(name) or _MASKED.fullmatch(match["value"]):
            return match[0]
        return f"{match['before']}{match['name']}={masked(name, match['value'])}"

    url = _USERINFO.sub(rf"\g<scheme>\g<start>{MASK}@", url)
    path = _PATH.match(url)
    end = path.end() if path else 0
    return _PATH_PARAMETER.sub(mask, url[:end]) + _PARAMETER.sub(mask, url[end:])


def _is_secret(name: str) -> bool:
    inner = name.rstrip("]").rpartition("[")[2]  # "auth[token]", as PHP and Rails write nested names
    return any(_is_first(one) or one in _MORE_NAMES or one.endswith(_MORE_ENDINGS) for one in (name, inner))


def _is_first(name: str) -> bool:
    return name in _FIRST_NAMES or name.endswith(_FIRST_ENDINGS)


def _digest(url: str, _name: str, value: str) -> str:
    place = re.split(r"[?#;]", _USERINFO.sub("", url), maxsplit=1)[0]
    key = place.encode("utf-8", "replace")[:64]
    return MASK + hashlib.blake2b(value.encode("utf-8", "replace"), key=key, digest_size=4).hexdigest()
