"""Remove secrets from URLs before they are written or logged."""

import re
from urllib.parse import unquote_plus

MASK = "***"

_SECRET_NAMES = frozenset(
    {"token", "key", "apikey", "api_key", "access_token", "sig", "signature", "hmac", "auth", "session"}
    | {"pass", "passwd", "password", "pwd", "secret", "credential", "credentials"}
)
_SECRET_ENDINGS = ("token", "secret", "signature", "password", "apikey", "api_key", "api-key", "subscription-key")
"""Endings of secret names. Vendors put a word before them: client_secret, X-Amz-Signature."""

_USERINFO = re.compile(
    r"\A(?P<scheme>\s*[A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@|\A(?P<start>\s*(?://)?)[^/?#\s:@]+:[^/?#\s@]+@"
)
"""A user and password before "@", after a scheme, or without one (``user:pass@host``)."""
_PARAMETER = re.compile(r"(?P<before>[?&;#])(?P<name>[^=&;#?]+)=(?P<value>[^&;#]*)")


def redact(url: str) -> str:
    """Return ``url`` with ``***`` for its userinfo and for the values of its secret parameters.

    >>> redact("https://user:pass@example.org/feed?lang=nl&token=abc")
    'https://***@example.org/feed?lang=nl&token=***'

    Userinfo is the user and password before the host (RFC 3986 section 3.2.1). A parameter of the
    query or fragment is secret if its name looks like that of a secret. The rest of the URL does
    not change. A second pass changes nothing.
    """
    return _PARAMETER.sub(_mask_value, _USERINFO.sub(rf"\g<scheme>\g<start>{MASK}@", url))


def _mask_value(match: re.Match[str]) -> str:
    name = unquote_plus(match["name"]).strip().lower()
    if name in _SECRET_NAMES or name.endswith(_SECRET_ENDINGS):
        return f"{match['before']}{match['name']}={MASK}"
    return match[0]
