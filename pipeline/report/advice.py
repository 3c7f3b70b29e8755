"""What to do about a feed that cannot be read, by its HTTP status or by a reason of rejects."""

import re

from newslake.schemas.reject import REASON_MEANING, Reason

_NEED_MORE = (Reason.HTTP_STATUS, Reason.NETWORK, Reason.TIMEOUT)
"""What to do about these depends on the status, or on the words of the network."""
_WORD = re.compile(r"[a-z_]+")

BY_STATUS: dict[int, str] = {
    401: "the server wants a login; set user and password for the feed in [[feeds]], or a header; "
    "if they are set, they are wrong",
    403: "the server refuses newslake; set contact in the configuration, and ask the publisher to let it in",
    404: "the server has no such page; look for the feed's new address on the site, and change the URL",
    407: "the proxy wants a login; put it into the proxy of the feed in [[feeds]]",
    410: "the publisher removed the feed for good; look for another feed of the site, and remove this URL",
    429: "the server asks for fewer requests; newslake waits as it says; raise interval for the feed",
}
"""By status (RFC 9110 section 15). Others go by their hundred."""
_BY_HUNDRED = {
    3: "the server redirects and names no page that can be read; open the URL in a browser, and take its last address",
    4: "the server refuses the request; open the URL in a browser, and compare the address",
    5: "the server itself has an error; newslake tries again; tell the publisher if it lasts",
}
_BY_WORDS = (
    (re.compile(r"certificate|SSL|TLS"), "see whether the certificate of the site is valid, and this machine's clock"),
    (
        re.compile(r"name or service|nodename|no address assoc|name resolution|getaddrinfo|dns", re.IGNORECASE),
        "the host has no address; look for a slip in its name, and whether this machine reaches its DNS server",
    ),
    (re.compile(r"no public address"), REASON_MEANING[Reason.FORBIDDEN_ADDRESS]),
)
"""By what the network says. The texts are those of the C library, OpenSSL and aiohttp."""
_OTHERWISE = "see whether the address opens in a browser, from this machine"


def advice(status: int | None, error: str) -> str:
    """Return what to do about a feed, as a sentence without its full stop.

    ``status`` is that of the last answer. ``error`` may begin with the word of a Reason, as in
    "not_a_feed (...)".
    """
    if status in BY_STATUS:
        return BY_STATUS[status]
    word = _WORD.match(error)
    reason = word[0] if word else ""
    if reason in REASON_MEANING and reason not in _NEED_MORE:
        return REASON_MEANING[Reason(reason)]
    if told := _BY_HUNDRED.get((status or 0) // 100):
        return told
    return next((told for words, told in _BY_WORDS if words.search(error)), _OTHERWISE)
