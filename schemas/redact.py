"""URLs without their secrets, for everything that is written or logged."""

import re
from urllib.parse import unquote_plus

MASK = "***"

_SECRET_NAMES = frozenset(
    {"token", "key", "apikey", "api_key", "access_token", "sig", "signature", "hmac", "auth", "session"}
    | {"pass", "passwd", "password", "pwd", "secret", "credential", "credentials"}
)
_SECRET_ENDINGS = ("token", "secret", "signature", "password", "apikey", "api_key", "api-key", "subscription-key")
"""Vendors put a word before these: auth_token, client_secret, X-Amz-Signature."""

_USERINFO = re.compile(
    r"\A(?P<scheme>\s*[A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@|\A(?P<start>\s*(?://)?)[^/?#\s:@]+:[^/?#\s@]+@"
)
"""A user and password are told by their form where the scheme was forgotten too."""
_PARAMETER = re.compile(r"(?P<before>[?&;#])(?P<name>[^=&;#?]+)=(?P<value>[^&;#]*)")


def redact(url: str) -> str:
    """``url`` with its userinfo (RFC 3986 section 3.2.1) and the values of secret-looking query keys as ``***``.

    >>> redact("https://user:pass@example.org/feed?lang=nl&token=abc")
    'https://***@example.org/feed?lang=nl&token=***'

    The rest stays as it is, byte for byte. A second pass changes nothing.
    """
    return _PARAMETER.sub(_mask_value, _USERINFO.sub(rf"\g<scheme>\g<start>{MASK}@", url))


def _mask_value(match: re.Match[str]) -> str:
    name = unquote_plus(match["name"]).strip().lower()
    if name in _SECRET_NAMES or name.endswith(_SECRET_ENDINGS):
        return f"{match['before']}{match['name']}={MASK}"
    return match[0]
